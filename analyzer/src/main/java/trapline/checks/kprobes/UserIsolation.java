package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** USER-ISOLATION (V34): traps of user mode are none of kprobes' business. */
final class UserIsolation extends MemorylessCheck {

    UserIsolation() {
        super(CheckInfo.of(
                        "USER-ISOLATION",
                        "V34",
                        "A #BP, #DB or fault from user or virtual-8086 mode never changes current_kprobe or"
                                + " kprobe_status.")
                .cites("kprobe_exceptions_notify()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS)
                .declared(Role.CURRENT, Role.STATUS)
                .except());
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS, EventKind.TRAP_EXIT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (e.kind() == EventKind.TRAP_EXIT) {
            Frame closed = cpu.closed();
            if (closed != null && judged(closed)) {
                exercised();
            }
            return;
        }
        Frame top = cpu.top();
        if (top != null && judged(top) && e.value(Variable.OLD) != e.value(Variable.NEW)) {
            violated(
                    e,
                    state,
                    state.guest().probeName(cpu.current()),
                    "a " + TrapVector.name(top.vector()) + " from user mode changes "
                            + e.kind().label(),
                    cause(top.entryOrdinal(), "the trap from user mode"));
        }
    }

    private static boolean judged(Frame frame) {
        return frame.fromUser()
                && switch (frame.vector()) {
                    case TrapVector.BP, TrapVector.DB, TrapVector.GP, TrapVector.PF -> true;
                    default -> false;
                };
    }
}
