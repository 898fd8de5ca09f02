package trapline.checks;

import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** EXACTLY-ONCE (V19): one execution of the probed instruction is one hit. */
final class ExactlyOnce extends MemorylessCheck {

    ExactlyOnce() {
        super(CheckInfo.of(
                        "EXACTLY-ONCE",
                        "V19",
                        "One execution of a probed instruction runs the pre_handler once, or counts one miss, and runs"
                                + " the post_handler at most once.")
                .cites("kprobe_handler(), post_kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "the instruction faults and is retried: pre runs again",
                        "REP: each iteration is an execution",
                        "a boosted probe runs no post_handler",
                        "an aggregate runs the handlers of all its children"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        boolean single = state.guest().declares(Role.PRE_HANDLER, life.probe());
        if (!life.claimed() || !life.currentKnown() || !single || life.outcome() == Outcome.ABANDONED) {
            return;
        }
        exercised();
        int executions = life.preCalls() + (life.isReentry() ? life.missed() : 0);
        if (executions != 1 || life.postCalls() > 1) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "one execution of the instruction at %s ran the pre_handler %d times, missed %d times,"
                                    + " and ran the post_handler %d times",
                            state.guest().place(life.address()), life.preCalls(), life.missed(), life.postCalls()),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.leftOrdinal(), "the step begins"),
                    cause(life.trapOrdinal(), "the step ends"));
        }
    }
}
