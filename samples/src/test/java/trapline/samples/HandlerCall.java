package trapline.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalHeader;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.journal.Journal;

/** One call of {@code kprobe_handler()} as a journal shows it: what it found, and what it did. */
final class HandlerCall {

    private static final int TF_IF = Eflags.TF | Eflags.IF;

    final int cpu;
    private final long frame;
    /** Address of the int3. */
    final long address;

    /** What current_kprobe and kprobe_status were when it was called. */
    final long currentBefore;

    final long statusBefore;
    private final int flagsBefore;
    private final long preemptBefore;

    /** What get_kprobe() gave it; 0 if it was not asked or found nothing. */
    long probe;

    boolean warned;
    boolean bug;
    boolean died;
    long result = -1;
    long missed;
    private long currentAfter;
    private long statusAfter;
    private int flagsAfter;
    private long preemptAfter;
    private long returnedTo = -1;
    private boolean inSlot;

    private HandlerCall(int cpu, StreamState state, Rows rows) {
        this.cpu = cpu;
        int level = state.frameDepth(cpu) - 1;
        this.frame = state.frameId(cpu, level);
        this.address = state.frameIp(cpu, level) - 1;
        this.currentBefore = state.variable(rows.current, cpu);
        this.statusBefore = state.variable(rows.status, cpu);
        this.flagsBefore = state.frameEflags(cpu, level);
        this.preemptBefore = state.variable(rows.preempt, cpu);
    }

    /** Rows of the observation table that matter here. */
    private record Rows(int current, int status, int preempt, int handler, int getKprobe, Observed slots) {
        static Rows of(JournalHeader header) {
            List<Observed> all = header.observed();
            return new Rows(
                    row(all, "current_kprobe"),
                    row(all, "kprobe_status"),
                    row(all, "preempt_count"),
                    row(all, "kprobe_handler"),
                    row(all, "get_kprobe"),
                    all.get(row(all, "insn_slots")));
        }

        private static int row(List<Observed> all, String name) {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).name().equals(name) && all.get(i).kind() != ObservedKind.PROBE) {
                    return i;
                }
            }
            throw new AssertionError("the guest does not declare " + name);
        }
    }

    /** All calls of a journal, in order. */
    static List<HandlerCall> of(Path path) throws IOException {
        List<HandlerCall> calls = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            Rows rows = Rows.of(journal.header());
            StreamState state =
                    new StreamState(journal.header().cpus(), journal.header().observed());
            journal.read(e -> {
                state.apply(e);
                if (e.kind() == EventKind.CALL_ENTRY && e.value(CallEntry.FUNCTION) == rows.handler) {
                    calls.add(new HandlerCall(e.cpu(), state, rows));
                }
                for (HandlerCall call : calls) {
                    call.take(e, state, rows, journal.header());
                }
            });
        }
        return calls;
    }

    private void take(Event e, StreamState state, Rows rows, JournalHeader header) {
        if (e.cpu() != cpu) {
            return;
        }
        boolean running = result < 0 && !bug;
        switch (e.kind()) {
            case BUG -> bug |= running;
            case WARN -> warned |= running;
            case DIE -> died |= returnedTo < 0;
            case WATCH -> {
                boolean counter = header.observed()
                        .get(e.intValue(Variable.VARIABLE))
                        .name()
                        .startsWith("nmissed:");
                missed += running && counter ? e.value(Variable.NEW) - e.value(Variable.OLD) : 0;
            }
            case CALL_EXIT -> exit(e, state, rows, running);
            case TRAP_EXIT -> {
                if (e.value(TrapExit.FRAME) == frame && returnedTo < 0) {
                    returnedTo = e.value(TrapExit.IP);
                    long offset = returnedTo - rows.slots.address();
                    inSlot = offset >= 0 && offset < rows.slots.size();
                }
            }
            default -> {}
        }
    }

    private void exit(Event e, StreamState state, Rows rows, boolean running) {
        int level = state.frameLevel(cpu, frame);
        if (!running || level != state.frameDepth(cpu) - 1) {
            return;
        }
        if (e.value(CallExit.FUNCTION) == rows.getKprobe) {
            probe = e.value(CallExit.RESULT);
        } else if (e.value(CallExit.FUNCTION) == rows.handler) {
            result = e.value(CallExit.RESULT);
            currentAfter = state.variable(rows.current, cpu);
            statusAfter = state.variable(rows.status, cpu);
            flagsAfter = state.frameEflags(cpu, level);
            preemptAfter = state.variable(rows.preempt, cpu);
        }
    }

    /** The status before the call as the table writes it; {@code -} if no probe was running. */
    String found() {
        return currentBefore == 0 ? "-" : KprobeStatus.name(statusBefore);
    }

    /**
     * What it did, in the table's words: RUN, BOOST, A2, A2BOOST, A1, EXIT, PASS, LONGJMP (a
     * break_handler gave the registers back, then the step as in RUN), LEAK (returned 1 into the middle of the
     * probed instruction), each with {@code WARN+} in front where it warned; BUG; or, if it was none of these, everything.
     */
    String outcome() {
        if (bug) {
            return "BUG";
        }
        return (warned ? "WARN+" : "") + quiet();
    }

    private String quiet() {
        boolean sameFlags = ((flagsBefore ^ flagsAfter) & TF_IF) == 0;
        boolean step = (flagsAfter & TF_IF) == Eflags.TF;
        boolean same = currentAfter == currentBefore && statusAfter == statusBefore;
        boolean ours = currentAfter == probe && probe != 0;
        boolean ran = inSlot || returnedTo == address;
        boolean passed = returnedTo == address + 1 || (returnedTo < 0 && died);
        long pc = preemptAfter - preemptBefore;
        String status = KprobeStatus.name(statusAfter);
        if (result == 1 && ran && step && ours && pc == 1) {
            if (status.equals("REENTER") && missed == 1) {
                return "A2";
            }
            if (status.equals("SS") && missed == 0) {
                return "RUN";
            }
        }
        if (result == 1
                && ran
                && step
                && probe == 0
                && pc == 0
                && status.equals("SS")
                && currentAfter == currentBefore) {
            return "LONGJMP";
        }
        if (result == 1 && inSlot && sameFlags && pc == 0) {
            return missed == 1 && same ? "A2BOOST" : missed == 0 && currentAfter == 0 ? "BOOST" : all();
        }
        if (result == 1 && returnedTo == address && sameFlags && same && missed == 0 && pc == 0) {
            return "EXIT";
        }
        if (result == 1 && returnedTo == address + 1 && sameFlags && same && missed == 0 && pc == 1) {
            return "LEAK";
        }
        if (result == 0 && passed && same && missed == 0 && pc == 0) {
            return sameFlags ? "PASS" : (flagsAfter & Eflags.TF) == 0 ? "A1" : all();
        }
        return all();
    }

    private String all() {
        return "ret=" + result + " eip=" + (returnedTo < 0 ? "-" : "addr+" + (returnedTo - address)) + " slot=" + inSlot
                + " flags=" + Integer.toHexString(flagsBefore & TF_IF) + ">" + Integer.toHexString(flagsAfter & TF_IF)
                + " status=" + KprobeStatus.name(statusBefore) + ">" + KprobeStatus.name(statusAfter) + " current="
                + Long.toHexString(currentBefore) + ">" + Long.toHexString(currentAfter) + " p="
                + Long.toHexString(probe) + " nmissed+" + missed + " pc+" + (preemptAfter - preemptBefore)
                + (died ? " die" : "");
    }

    @Override
    public String toString() {
        return "cpu" + cpu + " " + Long.toHexString(address) + " " + found() + ": " + outcome();
    }

    /** The first call that found that status. */
    static @Nullable HandlerCall first(List<HandlerCall> calls, String statuses) {
        return calls.stream()
                .filter(c -> List.of(statuses.split("\\|", -1)).contains(c.found()))
                .findFirst()
                .orElse(null);
    }
}
