package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** GATE-ENTRY (V35): the hook runs undisturbed. */
final class GateEntry extends MemorylessCheck {

    GateEntry() {
        super(CheckInfo.of(
                        "GATE-ENTRY",
                        "V35",
                        "kprobe_handler() and post_kprobe_handler() are entered with TF and IF clear.")
                .cites("Intel SDM vol. 3A \u00a76.12.1; set_intr_gate(), set_system_intr_gate()")
                .needs(EventKind.CALL_ENTRY, EventKind.EFLAGS_WRITE)
                .declared(Role.KPROBE_HANDLER)
                .except());
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.KPROBE_HANDLER || role == Role.POST_KPROBE_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Role role = state.guest().role(e.value(CallEntry.FUNCTION));
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        if (top == null) {
            return; // its trap was lost, and what the gate did to the flags
        }
        exercised();
        long set = cpu.eflags() & (Eflags.TF | Eflags.IF);
        if (set != 0) {
            violated(
                    e,
                    state,
                    "none",
                    role.generic() + "() is entered with " + Eflags.names(set) + " set",
                    cause(top.entryOrdinal(), "the trap"),
                    cause(Flag.TF.in(set) ? cpu.tfWriter() : cpu.ifWriter(), "last written here"));
        }
    }
}
