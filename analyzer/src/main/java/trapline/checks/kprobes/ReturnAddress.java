package trapline.checks.kprobes;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** RETURN-ADDRESS (V15): a probed call returns to the probed code, not into the slot. */
final class ReturnAddress extends RepeatableCheck {

    ReturnAddress() {
        super(CheckInfo.of(
                        "RETURN-ADDRESS",
                        "V15",
                        "After a probed call was stepped, nothing runs in its slot: the return address was moved to the"
                                + " probed code.")
                .cites("resume_execution()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE, EventKind.TEXT_WRITE)
                .declared(Role.CURRENT, Role.SLOTS)
                .except("another step in the same slot"));
    }

    private final Map<Long, Long> callSlots = new HashMap<>();

    @Override
    public Set<EventKind> kinds() {
        Set<EventKind> all = EnumSet.allOf(EventKind.class);
        all.remove(EventKind.LOST);
        return all;
    }

    @Override
    public boolean onlyInSlots() {
        return true;
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        boolean call = Opcode.isCall(life.address(), state.text());
        if (life.outcome() == Outcome.STEPPED && call && state.guest().inSlots(life.slot())) {
            exercised();
            callSlots.put(life.slot(), life.endOrdinal());
        }
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (callSlots.isEmpty()) {
            return;
        }
        long slot = state.guest().slotAt(e.ip());
        Long ended = callSlots.get(slot);
        if (ended == null || isBeingStepped(slot, state)) {
            return;
        }
        violated(
                e,
                state,
                "none",
                "the CPU runs in the slot of a call that was stepped long before: it returned to the slot's own address",
                cause(ended, "the call was stepped, and its probe done"));
        callSlots.remove(slot);
    }

    private static boolean isBeingStepped(long slot, ReplayState state) {
        for (int c = 0; c < state.cpus(); c++) {
            for (int i = 0; i < state.cpu(c).lives(); i++) {
                if (state.cpu(c).life(i).inSlot(slot)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void lost(Event event, ReplayState state) {
        callSlots.clear();
    }

    @Override
    public Object memory() {
        return Set.copyOf(callSlots.keySet());
    }

    @Override
    public void recall(Object memory) {
        callSlots.clear();
        ((Set<?>) memory).forEach(slot -> callSlots.put((Long) slot, -1L));
    }
}
