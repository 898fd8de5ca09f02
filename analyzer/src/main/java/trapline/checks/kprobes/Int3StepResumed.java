package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** INT3-STEP-RESUMED (V14): what the instruction has made of ip and flags goes on behind the probe. */
final class Int3StepResumed extends MemorylessCheck {

    /** What a step may change besides what the instruction does. */
    private static final long NOT_COMPARED = Eflags.IF | Eflags.RF;

    Int3StepResumed() {
        super(CheckInfo.of(
                        "INT3-STEP-RESUMED",
                        "V14",
                        "After the int3 that ends a step the CPU goes on behind the probed instruction, with the flags that"
                                + " it left and IF as at the hit.")
                .cites("resume_singlestep(), kprobe_post_process()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a boosted or emulated hit has no second int3",
                        "a post handler may send the CPU elsewhere; a user handler wrote the flags"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        boolean byInt3 = life.outcome() == Outcome.STEPPED && life.trapVector() == TrapVector.BP;
        if (!byInt3 || life.slot() == life.address() || life.strayPop()) {
            return;
        }
        exercised();
        long ip = life.address() + (life.trapEip() - life.slot());
        long wrong = (life.endEflags() ^ life.trapEflags()) & ~life.handlerWrote() & ~NOT_COMPARED;
        wrong |= (life.endEflags() ^ life.pushedEflags()) & Eflags.IF & ~life.handlerWrote();
        if (life.endIp() != ip && life.postCalls() == 0) {
            report(
                    life,
                    e,
                    state,
                    "at " + state.guest().place(life.endIp()) + " instead of "
                            + state.guest().place(ip));
        } else if (wrong != 0 && !life.loadedFlags()) {
            report(
                    life,
                    e,
                    state,
                    "with flags " + Long.toHexString(life.endEflags()) + ", but the instruction left "
                            + Long.toHexString(life.trapEflags()) + " and the hit pushed "
                            + Long.toHexString(life.pushedEflags()));
        }
    }

    private void report(Life life, Event e, ReplayState state, String how) {
        violated(
                e,
                state,
                probeName(life, state),
                "after the step of " + probeName(life, state) + " the CPU goes on " + how,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the step begins"),
                cause(life.trapOrdinal(), "the int3 that ends it"));
    }
}
