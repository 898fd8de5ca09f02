package trapline.samples.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replays instruction tables on the machine. */
final class CorpusReplay {
    private static final int FAILURES_SHOWN = 5;
    /** The I/D bit of a page fault's error code: set by processors with no-execute pages, which the i386 has not. */
    private static final int ERROR_FETCH = 0x10;

    private final Box box = new Box();
    private final UndefinedFlags undefined = new UndefinedFlags();

    /** Makes a box and reads the list of undefined flags. */
    CorpusReplay() throws IOException {}

    /** How a form's replay went: cases that match, cases that match in undefined flags too, and the first failures. */
    record Result(CorpusForm form, int cases, int passed, int passedUnmasked, int mask, List<String> failures) {}

    /** Replays every {@code stride}-th case of a form. */
    Result replay(CorpusForm form, int stride) {
        int cases = 0;
        int passed = 0;
        int unmasked = 0;
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < form.lines().size(); i += stride) {
            CorpusCase test = new CorpusCase(form.lines().get(i));
            BoxState state = test.before.copy();
            String strict;
            String difference;
            try {
                String memoryAndTrap = run(test, state);
                boolean isResultFree = undefined.isResultUndefined(form, test);
                String rest = isResultFree ? "" : memoryAndTrap + state.differences(test.after);
                difference = rest + flags(test, state, undefined.mask(form, test));
                strict = rest + flags(test, state, 0);
            } catch (IllegalStateException e) {
                throw new IllegalStateException(describe(form, i, e.getMessage()), e);
            }
            cases++;
            unmasked += strict.isEmpty() ? 1 : 0;
            if (difference.isEmpty()) {
                passed++;
            } else if (failures.size() < FAILURES_SHOWN) {
                failures.add(describe(form, i, difference));
            }
        }
        return new Result(form, cases, passed, unmasked, undefined.maskAtMost(form), failures);
    }

    private static String describe(CorpusForm form, int index, @Nullable String difference) {
        return String.format(
                "tables/%s.txt.gz:%d (%s): expected%s%n    %s",
                form.table(),
                form.firstLine() + index,
                form.name(),
                difference,
                form.lines().get(index));
    }

    private static String flags(CorpusCase test, BoxState actual, int mask) {
        int wrong = (actual.eflags ^ test.after.eflags) & ~mask;
        return wrong == 0 ? "" : String.format(" fl=%x (not %x: %x)", test.after.eflags, actual.eflags, wrong);
    }

    /** Runs a case; returns the differences in trap and memory. */
    private String run(CorpusCase test, BoxState state) {
        box.store(test.before.eip, test.code, true);
        for (Patch patch : test.patches) {
            box.store(patch.address(), patch.bytes(), false);
        }
        int steps = 0;
        Box.Trap trap;
        do {
            trap = box.enter(state);
            steps++;
        } while (trap.vector() == Vectors.DB && steps < test.steps && state.eip == test.before.eip);
        return trapDifference(test, trap, steps) + memoryDifference(test);
    }

    private static String trapDifference(CorpusCase test, Box.Trap trap, int steps) {
        int error = test.vector == Vectors.PF ? test.error & ~ERROR_FETCH : test.error;
        String expected = Vectors.name(test.vector) + " error=" + Integer.toHexString(error);
        String actual = Vectors.name(trap.vector()) + " error=" + Integer.toHexString(trap.error());
        if (test.vector == Vectors.PF) {
            expected += " cr2=" + Integer.toHexString(test.cr2);
            actual += trap.vector() == Vectors.PF ? " cr2=" + Integer.toHexString(trap.cr2()) : "";
        }
        expected += " steps=" + test.steps;
        actual += " steps=" + steps;
        return expected.equals(actual) ? "" : " " + expected + " (not " + actual + ")";
    }

    private String memoryDifference(CorpusCase test) {
        StringBuilder text = new StringBuilder();
        for (int[] range : Box.writable()) {
            byte[] expected = box.background(range[0], range[1] - range[0]);
            lay(test.patches, range, expected);
            lay(test.changes, range, expected);
            byte[] actual = box.read(range[0], expected.length);
            int at = Arrays.mismatch(expected, actual);
            if (at >= 0) {
                int size = Math.min(8, expected.length - at);
                text.append(' ').append(new Patch(range[0] + at, Arrays.copyOfRange(expected, at, at + size)));
                text.append(" (not ").append(new Patch(range[0] + at, Arrays.copyOfRange(actual, at, at + size)));
                text.append(')');
                box.store(range[0], box.background(range[0], expected.length), false);
            }
        }
        for (Patch patch : test.patches) {
            restore(patch, false);
        }
        for (Patch patch : test.changes) {
            restore(patch, false);
        }
        return text.toString();
    }

    private void restore(Patch patch, boolean isCode) {
        for (int[] range : Box.writable()) {
            int from = Math.max(range[0], patch.address());
            int to = Math.min(range[1], patch.address() + patch.bytes().length);
            if (from < to) {
                box.store(from, box.background(from, to - from), isCode);
            }
        }
    }

    private static void lay(List<Patch> patches, int[] range, byte[] memory) {
        for (Patch patch : patches) {
            for (int i = 0; i < patch.bytes().length; i++) {
                int at = patch.address() + i - range[0];
                if (at >= 0 && at < memory.length) {
                    memory[at] = patch.bytes()[i];
                }
            }
        }
    }
}
