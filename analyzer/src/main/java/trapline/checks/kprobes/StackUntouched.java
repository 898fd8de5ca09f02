package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** STACK-UNTOUCHED (V46): the stack of the probed code is the probed code's. */
final class StackUntouched extends MemorylessCheck {

    StackUntouched() {
        super(CheckInfo.of(
                        "STACK-UNTOUCHED",
                        "V46",
                        "Of the interrupted code's stack kprobes writes nothing but the word on top, where the stepped"
                                + " instruction left it or a return is hijacked, and what a jprobe had saved.")
                .cites("resume_execution(), arch_prepare_kretprobe(), longjmp_break_handler()")
                .needs(EventKind.TRAP_ENTRY)
                .declared(Role.KPROBE_HANDLER)
                .except("what a user's handler writes"));
    }

    /** The word on top, and CS of a far call above it. */
    private static final long TOP_BYTES = 8;

    /** MAX_STACK_SIZE: what a jprobe saves of the stack. */
    private static final long JPROBE_BYTES = 64;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.STACK_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Frame frame = cpu.frameOf(e.value(StackWrite.FRAME));
        if (frame == null || frame != cpu.top() || cpu.inUserHandler()) {
            return;
        }
        exercised();
        long begin = e.value(StackWrite.ADDRESS);
        long end = begin + e.value(StackWrite.SIZE);
        boolean restores = cpu.innermost(Role.BREAK_HANDLER) >= 0;
        long legal = restores ? JPROBE_BYTES : TOP_BYTES;
        if (begin < frame.esp() || end > frame.esp() + legal) {
            violated(
                    e,
                    state,
                    frame.hit() == null ? "none" : probeName(frame.hit(), state),
                    String.format(
                            "%d bytes above the stack pointer of the interrupted code, %d are written: %x becomes %x",
                            begin - frame.esp(), end - begin, e.value(StackWrite.OLD), e.value(StackWrite.NEW)),
                    cause(frame.entryOrdinal(), "the trap"));
        }
    }
}
