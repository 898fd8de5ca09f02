package trapline.checks.kprobes;

import java.util.Arrays;
import java.util.List;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.ReplayState;

/** INT3-PROGRESS (V38): an int3 is not taken for ever. */
final class Int3Progress extends RepeatableCheck {

    Int3Progress() {
        super(CheckInfo.of(
                        "INT3-PROGRESS",
                        "V38",
                        "A CPU does not take the int3 at one address again and again without an instruction in between.")
                .cites("kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT)
                .declared()
                .except("a breakpoint that is gone: one retry", "a fault of the stepped instruction: one retry each"));
    }

    private static final int REPEATS_MAX = 8;

    private long[] address = {};
    private long[] endIcount = {};
    private int[] repeats = {};
    private long[] firstOrdinal = {};
    private boolean recalled;
    private boolean unsure;

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (address.length == 0) {
            address = new long[state.cpus()];
            endIcount = new long[state.cpus()];
            repeats = new int[state.cpus()];
            firstOrdinal = new long[state.cpus()];
        }
        int cpu = e.cpu();
        exercised();
        unsure |= recalled && address[cpu] == 0 && life.endIp() == life.address();
        boolean again = life.endIp() == life.address()
                && address[cpu] == life.address()
                && life.hitIcount() - endIcount[cpu] <= 1;
        if (!again) {
            repeats[cpu] = 0;
            firstOrdinal[cpu] = life.hitOrdinal();
        }
        address[cpu] = life.address();
        endIcount[cpu] = life.endIcount();
        repeats[cpu]++;
        if (repeats[cpu] == REPEATS_MAX) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "CPU %d has taken the int3 at %s %d times without executing another instruction in between",
                            cpu, state.guest().place(life.address()), REPEATS_MAX),
                    cause(firstOrdinal[cpu], "the first time"));
        }
    }

    /** The last hit of each CPU matters, but only where the next one goes back to the int3. */
    @Override
    public Object memory() {
        return List.of();
    }

    @Override
    public void recall(Object memory) {
        Arrays.fill(address, 0);
        recalled = true;
    }

    @Override
    public boolean certain() {
        return super.certain() && !unsure;
    }
}
