package trapline.checks.kprobes;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.Shown;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** HANDLER-CONTEXT (V45): handlers are C code of the kernel and run as such. */
final class HandlerContext extends RepeatableCheck {

    HandlerContext() {
        super(CheckInfo.of(
                        "HANDLER-CONTEXT",
                        "V45",
                        "kprobes and the handlers that it calls run with DF clear and in the kernel's segments, whatever the"
                                + " probed code had.")
                .cites("SAVE_ALL of entry_32.S, kretprobe_trampoline")
                .needs(EventKind.EFLAGS_WRITE)
                .declared()
                .except());
    }

    private static final long DF = 1 << 10;
    private static final int FS_SHIFT = 32;
    private static final long NOT_YET = -1;

    /** FS in which each CPU's handlers run, as the first one has shown. */
    private long[] fs = {};

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.SHOWN);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return true;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.value(Shown.LEAVING) != 0) {
            return;
        }
        if (fs.length == 0) {
            fs = new long[state.cpus()];
            Arrays.fill(fs, NOT_YET);
        }
        exercised();
        long segments = e.value(Shown.SEGMENTS);
        long ds = segments & 0xffff;
        long es = segments >>> 16 & 0xffff;
        long fsNow = segments >>> FS_SHIFT;
        fs[e.cpu()] = fs[e.cpu()] == NOT_YET ? fsNow : fs[e.cpu()];
        CpuState cpu = cpu(e, state);
        if ((cpu.eflags() & DF) != 0) {
            report(e, state, "with DF set: its string instructions run backwards");
        } else if (ds != es) {
            report(e, state, String.format("with ES %x, but DS %x", es, ds));
        } else if (fsNow != fs[e.cpu()]) {
            report(e, state, String.format("with FS %x, but others on this CPU with %x", fsNow, fs[e.cpu()]));
        }
    }

    private void report(Event e, ReplayState state, String how) {
        CpuState cpu = cpu(e, state);
        violated(
                e,
                state,
                state.guest().probeName(state.guest().probeOfRow(e.value(Shown.FUNCTION))),
                state.guest().rowName(e.value(Shown.FUNCTION)) + " is entered " + how,
                cause(cpu.top() == null ? -1 : cpu.top().entryOrdinal(), "the trap"));
    }

    @Override
    public Object memory() {
        return Arrays.stream(fs).boxed().toList();
    }

    @Override
    public void recall(Object memory) {
        fs = ((List<?>) memory).stream().mapToLong(each -> (Long) each).toArray();
    }
}
