package trapline.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.diff.Code;

/**
 * Windows drawn on the C source: for each line of the new flow, and each that it has dropped, what each stimulus does at its
 * instructions, under the old flow and the new.
 *
 * @param flows names: one, or old and new
 * @param stimuli names, in the order of the command line
 * @param runs how many runs it took
 * @param lines in the order of the new file, dropped ones where they stood
 */
public record WindowMap(List<String> flows, List<String> stimuli, int runs, List<Line> lines) {

    /** What became of a window, or of a place that has none. */
    public enum State {
        /** Nothing goes wrong. */
        SAFE("."),
        /** It goes wrong on a line that the old flow does not have. */
        OPENED_IN_NEW_CODE("N"),
        /** It goes wrong on a line that is as it was, and did not before. */
        OPENED_IN_UNTOUCHED_CODE("U"),
        /** It went wrong, and does not any more. */
        CLOSED("c"),
        /** It goes wrong, as before; or there is nothing to compare with. */
        OPEN("X"),
        /** The stimulus cannot come there. */
        IMPOSSIBLE("-"),
        /** Control does not come there in this scenario. */
        NOT_REACHED(" ");

        private final String letter;

        State(String letter) {
            this.letter = letter;
        }

        /** One letter, for who sees no colours. */
        public String letter() {
            return letter;
        }

        /** Whether something goes wrong there now. */
        public boolean isOpen() {
            return this == OPENED_IN_NEW_CODE || this == OPENED_IN_UNTOUCHED_CODE || this == OPEN;
        }
    }

    /**
     * One instruction under one stimulus.
     *
     * @param stimulus its number
     * @param flow 0: old or only flow; 1: new
     * @param address of the instruction
     * @param text its mnemonic and operands
     * @param state what the stimulus does there
     * @param times how often control came there
     * @param failures at how many of them it goes wrong
     * @param check the first check that it violates; empty if none
     * @param sentence what goes wrong first, or why it cannot come; empty otherwise
     * @param step at which that is; 0 if nothing goes wrong
     */
    public record Cell(
            int stimulus,
            int flow,
            long address,
            String text,
            State state,
            int times,
            int failures,
            String check,
            String sentence,
            long step) {}

    /**
     * One line of C.
     *
     * @param mark {@code '+'}: new; {@code '-'}: dropped; {@code ' '}: in both, or nothing to compare with
     * @param oldNumber from 1; 0 if the old flow does not have it
     * @param newNumber from 1; 0 if it was dropped
     * @param text the C
     * @param cells of its instructions, old flow first, in the order of addresses, then of stimuli
     */
    public record Line(char mark, int oldNumber, int newNumber, String text, List<Cell> cells) {
        /** Cells in which something goes wrong. */
        public long open() {
            return cells.stream().filter(c -> c.state().isOpen()).count();
        }
    }

    /** One flow by itself. */
    public static WindowMap of(Sweep.Result only) {
        List<Line> lines = new ArrayList<>();
        Map<Integer, List<Code.Instruction>> byLine = only.code().byLine();
        List<String> source = source(only.code());
        for (int number = 1; number <= source.size(); number++) {
            List<Cell> cells = cells(only, 0, byLine.getOrDefault(number, List.of()), null);
            lines.add(new Line(' ', number, number, source.get(number - 1), cells));
        }
        return new WindowMap(List.of(only.code().flow()), names(only), only.runs(), lines);
    }

    /** Two flows, line by line. */
    public static WindowMap of(Sweep.Result old, Sweep.Result now) {
        List<Line> lines = new ArrayList<>();
        Map<Integer, List<Code.Instruction>> oldLines = old.code().byLine();
        Map<Integer, List<Code.Instruction>> newLines = now.code().byLine();
        for (LineDiff.Pair pair : LineDiff.of(source(old.code()), source(now.code()))) {
            List<Code.Instruction> before = oldLines.getOrDefault(pair.oldNumber(), List.of());
            List<Code.Instruction> after = newLines.getOrDefault(pair.newNumber(), List.of());
            char mark = pair.mark();
            BitSet wasOpen = open(old, before);
            BitSet isOpen = open(now, after);
            List<Cell> cells = new ArrayList<>(cells(old, 0, before, new Other(mark, isOpen, false)));
            cells.addAll(cells(now, 1, after, new Other(mark, wasOpen, true)));
            String text = pair.newNumber() > 0
                    ? source(now.code()).get(pair.newNumber() - 1)
                    : source(old.code()).get(pair.oldNumber() - 1);
            lines.add(new Line(mark, pair.oldNumber(), pair.newNumber(), text, cells));
        }
        List<String> flows = List.of(old.code().flow(), now.code().flow());
        return new WindowMap(flows, names(now), old.runs() + now.runs(), lines);
    }

    /** What the other flow does on the same line, by stimulus. */
    private record Other(char mark, BitSet open, boolean isNew) {}

    private static List<String> names(Sweep.Result result) {
        return result.stimuli().stream().map(Stimulus::name).toList();
    }

    /** The C, or blank lines where it is not at hand. */
    private static List<String> source(FlowCode code) {
        if (!code.source().isEmpty()) {
            return code.source();
        }
        int last = code.byLine().keySet().stream().mapToInt(n -> n).max().orElse(0);
        return Collections.nCopies(last, "");
    }

    private static BitSet open(Sweep.Result result, List<Code.Instruction> instructions) {
        BitSet open = new BitSet();
        for (Code.Instruction instruction : instructions) {
            List<List<Sweep.Trial>> trials = result.trials().getOrDefault(instruction.address(), List.of());
            for (int i = 0; i < trials.size(); i++) {
                boolean wrong = trials.get(i).stream().anyMatch(t -> !t.wrong().isEmpty());
                open.set(i, open.get(i) || wrong);
            }
        }
        return open;
    }

    private static List<Cell> cells(
            Sweep.Result result, int flow, List<Code.Instruction> instructions, @Nullable Other other) {
        List<Cell> cells = new ArrayList<>();
        for (Code.Instruction instruction : instructions) {
            List<List<Sweep.Trial>> trials = result.trials().getOrDefault(instruction.address(), List.of());
            for (int i = 0; i < result.stimuli().size(); i++) {
                cells.add(cell(i, flow, instruction, trials.isEmpty() ? List.of() : trials.get(i), other));
            }
        }
        return cells;
    }

    private static Cell cell(
            int stimulus, int flow, Code.Instruction at, List<Sweep.Trial> trials, @Nullable Other other) {
        List<Sweep.Trial> wrong =
                trials.stream().filter(t -> !t.wrong().isEmpty()).toList();
        boolean cannot = !trials.isEmpty()
                && trials.stream().noneMatch(t -> t.impossible().isEmpty());
        State state = trials.isEmpty()
                ? State.NOT_REACHED
                : cannot ? State.IMPOSSIBLE : state(!wrong.isEmpty(), other, stimulus);
        String check = wrong.isEmpty() ? "" : wrong.get(0).wrong().get(0).check();
        String sentence = wrong.isEmpty()
                ? cannot ? trials.get(0).impossible() : ""
                : wrong.get(0).wrong().get(0).sentence();
        long step = wrong.isEmpty() ? 0 : wrong.get(0).step();
        return new Cell(
                stimulus, flow, at.address(), at.text(), state, trials.size(), wrong.size(), check, sentence, step);
    }

    private static State state(boolean wrong, @Nullable Other other, int stimulus) {
        if (other == null) {
            return wrong ? State.OPEN : State.SAFE;
        }
        boolean there = other.open().get(stimulus);
        if (!other.isNew()) {
            return !wrong ? State.SAFE : there ? State.OPEN : State.CLOSED;
        }
        if (!wrong) {
            return State.SAFE;
        }
        return there ? State.OPEN : other.mark() == '+' ? State.OPENED_IN_NEW_CODE : State.OPENED_IN_UNTOUCHED_CODE;
    }

    /** All cells of all lines. */
    public List<Cell> cells() {
        return lines.stream().flatMap(line -> line.cells().stream()).toList();
    }

    /** How many cells of a flow are in a state, for one stimulus. */
    public long count(int flow, int stimulus, State state) {
        return cells().stream()
                .filter(c -> c.flow() == flow && c.stimulus() == stimulus && c.state() == state)
                .count();
    }
}
