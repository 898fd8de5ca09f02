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

/** STEP-CONTEXT (V3): out of line there is one instruction to execute, and nothing may come between. */
final class StepContext extends MemorylessCheck {

    StepContext() {
        super(CheckInfo.of(
                        "STEP-CONTEXT", "V3", "A probed instruction is executed out of line with TF set and IF clear.")
                .cites("prepare_singlestep()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a boosted probe runs with TF and IF as the probed code has them",
                        "stepping by an int3 behind the copied instruction needs no TF",
                        "an instruction that faults comes to no end of its step"));
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.outcome() != Outcome.STEPPING) {
            return;
        }
        exercised();
        if ((life.leftEflags() & Eflags.IF) != 0) {
            report(life, e, state, "interrupts enabled: a maskable interrupt may come before the instruction");
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        boolean needsTf = life.trapVector() == TrapVector.DB || life.trapVector() < 0;
        if (life.slot() != 0 && (life.leftEflags() & Eflags.TF) == 0 && needsTf) {
            report(life, e, state, "TF clear: no #DB ends the step");
        }
    }

    private void report(Life life, Event e, ReplayState state, String how) {
        violated(
                e,
                state,
                probeName(life, state),
                "the step of " + probeName(life, state) + " began with " + how,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the step begins with these flags"));
    }
}
