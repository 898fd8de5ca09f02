package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** TF-RESTORED (V1): nobody goes on single-stepping after a hit, and nobody's stepping is taken away. */
final class TfRestored extends FlagRestored {

    TfRestored() {
        super(
                new CheckInfo(
                        "TF-RESTORED",
                        "V1",
                        "When a probe hit is over, TF is what it was when the probe hit.",
                        "resume_execution(), post_kprobe_handler(), kprobe_fault_handler()",
                        Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE),
                        Set.of(Role.CURRENT),
                        List.of(
                                "the instruction is a popf or iret: the TF it loads may stay or be discarded",
                                "a user handler wrote TF of the saved EFLAGS",
                                "TF was set before: do_debug() clears it and steps the task with TIF_SINGLESTEP")),
                Flag.TF);
    }

    /** A hit that was boosted, emulated or stepped by an int3 has not used TF. */
    @Override
    boolean isAtStake(Life life) {
        long seen = life.pushedEflags() | life.endEflags() | life.handlerWrote();
        boolean stepped = life.leftOrdinal() >= 0 && Flag.TF.in(life.leftEflags());
        return Flag.TF.in(seen) || stepped || life.trapVector() == TrapVector.DB;
    }

    @Override
    boolean isLegal(Life life, boolean atEnd, ReplayState state) {
        boolean steppedBefore = Flag.TF.in(life.pushedEflags());
        boolean loaded = life.loadedFlags() && Flag.TF.in(life.flagLoad()) == atEnd;
        boolean emulated = isEmulated(life, state) && Opcode.loadsFlags(life.address(), state.text());
        return steppedBefore || loaded || emulated;
    }
}
