package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** INT3-STEP-STATUS (V6): only a status says that an int3 outside of all probes is the end of a step. */
final class Int3StepStatus extends Int3Step {

    Int3StepStatus() {
        super(CheckInfo.of(
                        "INT3-STEP-STATUS",
                        "V6",
                        "At the int3 that ends a step kprobe_status is KPROBE_HIT_SS or KPROBE_REENTER.")
                .cites("kprobe_int3_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.KPROBE_STATUS)
                .declared(Role.STATUS)
                .except("a boosted or emulated hit has no second int3"));
    }

    @Override
    void judge(Life life, Frame frame, Event e, ReplayState state) {
        exercised();
        int status = frame.statusAtEntry();
        if (status != KprobeStatus.KPROBE_HIT_SS && status != KprobeStatus.KPROBE_REENTER) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "the step of " + probeName(life, state) + " ended in status " + KprobeStatus.name(status)
                            + ": the int3 is taken for somebody else's",
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.leftOrdinal(), "the step begins"));
        }
    }
}
