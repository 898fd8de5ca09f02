package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** IF-RESTORED (V2): interrupts are enabled after a hit exactly if the probed code wants them enabled. */
final class IfRestored extends FlagRestored {

    private static final int CLI = 0xfa;
    private static final int STI = 0xfb;

    IfRestored() {
        super(
                new CheckInfo(
                        "IF-RESTORED",
                        "V2",
                        "When a probe hit is over, IF is what it was when the probe hit, or what the probed"
                                + " instruction made of it.",
                        "set_current_kprobe(), is_IF_modifier(), post_kprobe_handler()",
                        Set.of(
                                EventKind.TRAP_ENTRY,
                                EventKind.TRAP_EXIT,
                                EventKind.EFLAGS_WRITE,
                                EventKind.CURRENT_KPROBE),
                        Set.of(Role.CURRENT),
                        List.of(
                                "cli, sti, popf, iret: the value that the instruction computed",
                                "a user handler wrote IF of the saved EFLAGS",
                                "inside a jprobe handler, until its longjmp")),
                Flag.IF);
    }

    @Override
    boolean expected(Life life, boolean atHit, ReplayState state) {
        if (isEmulated(life, state)) {
            Integer opcode = Opcode.byteOf(life.address(), state.text());
            boolean clears = opcode != null && opcode == CLI;
            boolean sets = opcode != null && opcode == STI;
            return sets || (atHit && !clears);
        }
        return life.loadedFlags() ? Flag.IF.in(life.flagLoad()) : atHit;
    }

    /** What an emulated popf takes from the stack no flag write shows. */
    @Override
    boolean isLegal(Life life, boolean atEnd, ReplayState state) {
        return isEmulated(life, state) && Opcode.loadsFlags(life.address(), state.text());
    }
}
