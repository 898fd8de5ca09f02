package trapline.checks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** ARM-ORDER (V25): whoever sees a breakpoint finds its probe. */
final class ArmOrder extends RepeatableCheck {

    ArmOrder() {
        super(CheckInfo.of(
                        "ARM-ORDER",
                        "V25",
                        "While the int3 of a probe is in the text, the lookup of its address finds the probe.")
                .cites("register_kprobe(), register_aggr_kprobe(), unregister_kprobe()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE)
                .declared(Role.GET_KPROBE)
                .except(
                        "after disable_all_kprobes() probes stay registered without an int3",
                        "a probe that is armed or disarmed while the lookup goes on"));
    }

    private final Map<Long, Long> writeOrdinal = new HashMap<>();
    private long[] lookupOrdinal = {};

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.GET_KPROBE;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (lookupOrdinal.length == 0) {
            lookupOrdinal = new long[state.cpus()];
        }
        switch (e.kind()) {
            case TEXT_WRITE -> {
                for (long i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
                    writeOrdinal.put(e.value(TextWrite.ADDRESS) + i, e.ordinal());
                }
            }
            case CALL_ENTRY -> lookupOrdinal[e.cpu()] = e.ordinal();
            default -> lookedUp(e, state);
        }
    }

    /** Judges a lookup during which the text stayed as it was: what it found may be of before a write, or of after it. */
    private void lookedUp(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        Life life = top == null ? null : top.hit();
        if (life == null || life.handlerCalls() > 0 || !state.text().armed(life.address())) {
            return;
        }
        long written = writeOrdinal.getOrDefault(life.address(), -1L);
        if (written > lookupOrdinal[e.cpu()]) {
            return;
        }
        exercised();
        if (e.value(CallExit.RESULT) == 0 && !life.found() && state.text().wasProbed(life.address())) {
            violated(
                    e,
                    state,
                    "none",
                    "the int3 at " + state.guest().place(life.address())
                            + " is in the text while get_kprobe() looks its address up, and no probe is found: it was"
                            + " armed before its probe was hashed, or its probe was unhashed before it was disarmed",
                    cause(written, "the int3 is written into the text"),
                    cause(life.hitOrdinal(), "the hit"));
        }
    }

    @Override
    public Object memory() {
        return List.of(); // whatever was written or looked up before a point of rest comes before the next lookup
    }

    @Override
    public void recall(Object memory) {}
}
