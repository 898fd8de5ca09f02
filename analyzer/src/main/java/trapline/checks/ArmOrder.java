package trapline.checks;

import java.util.Set;
import trapline.events.Event;
import trapline.events.EventFields.CallExit;
import trapline.events.EventKind;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** ARM-ORDER (V25): whoever sees a breakpoint finds its probe. */
final class ArmOrder extends Check {

    ArmOrder() {
        super(CheckInfo.of(
                        "ARM-ORDER",
                        "V25",
                        "While the int3 of a probe is in the text, the lookup of its address finds the probe.")
                .cites("register_kprobe(), register_aggr_kprobe(), unregister_kprobe()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE)
                .declared(Role.GET_KPROBE)
                .except("after disable_all_kprobes() probes stay registered without an int3"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_EXIT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        Life life = top == null ? null : top.hit();
        if (life == null || state.guest().role(e.value(CallExit.FUNCTION)) != Role.GET_KPROBE) {
            return;
        }
        boolean armed = state.text().armed(life.address());
        if (!armed || life.handlerCalls() > 0) {
            return;
        }
        exercised();
        if (e.value(CallExit.RESULT) == 0 && !life.found() && state.text().wasProbed(life.address())) {
            violated(
                    e,
                    state,
                    "none",
                    "the int3 at " + state.guest().place(life.address())
                            + " is armed, but get_kprobe() finds no probe: it was armed before it was hashed, or"
                            + " unhashed before it was disarmed",
                    cause(life.hitOrdinal(), "the int3"));
        }
    }
}
