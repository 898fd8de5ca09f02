package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;

/** INT3-STEP-CONTEXT (V3): a step that an int3 ends needs no TF, but it must not be interrupted either. */
final class Int3StepContext extends Int3Step {

    Int3StepContext() {
        super(CheckInfo.of(
                        "INT3-STEP-CONTEXT",
                        "V3",
                        "At the int3 that ends a step IF is clear, and TF is what it was at the hit.")
                .cites("setup_singlestep(), kprobe_int3_handler()")
                .needs(EventKind.TRAP_ENTRY)
                .except(
                        "a boosted or emulated hit has no second int3",
                        "a user handler wrote the flag; an instruction that loads flags"));
    }

    @Override
    void judge(Life life, Frame frame, Event e, ReplayState state) {
        exercised();
        long written = life.handlerWrote();
        boolean interruptible = Flag.IF.in(frame.pushedEflags()) && !Flag.IF.in(written);
        boolean stepping = ((frame.pushedEflags() ^ life.pushedEflags()) & Eflags.TF & ~written) != 0;
        if ((interruptible || stepping) && !life.loadedFlags()) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "the step of " + probeName(life, state) + " ended with "
                            + (interruptible
                                    ? "interrupts enabled: one may have come before the instruction"
                                    : "TF other than at the hit, which no step by int3 touches"),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.leftOrdinal(), "the step begins"));
        }
    }
}
