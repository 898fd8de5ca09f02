package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** FAULT-OWNERSHIP (V23): only a fault of the stepped instruction cancels its step. */
final class FaultOwnership extends MemorylessCheck {

    FaultOwnership() {
        super(CheckInfo.of(
                        "FAULT-OWNERSHIP",
                        "V23",
                        "A fault cancels the step of a probe only if it was taken in the probe's slot.")
                .cites("kprobe_fault_handler(), do_page_fault()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except());
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY, EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (top == null || (top.vector() != TrapVector.PF && top.vector() != TrapVector.GP)) {
            return;
        }
        if (e.kind() == EventKind.TRAP_ENTRY) {
            if (cpu(e, state).current() != 0) {
                exercised();
            }
        } else if (e.value(Variable.OLD) != 0
                && e.value(Variable.OLD) != e.value(Variable.NEW)
                && top.serves() == null
                && top.livesKnown()) {
            String probe = state.guest().probeName(e.value(Variable.OLD));
            Life life = cpu(e, state).lastLife();
            violated(
                    e,
                    state,
                    probe,
                    "a fault at " + state.guest().place(top.ip()) + ", outside of the slot, cancels the step of "
                            + probe,
                    cause(life == null ? -1 : life.hitOrdinal(), "the hit"),
                    cause(top.entryOrdinal(), "the fault"));
        }
    }
}
