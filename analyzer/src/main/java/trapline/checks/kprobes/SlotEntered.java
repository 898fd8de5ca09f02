package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** SLOT-ENTERED (V26): who executes in a slot was sent there by a hit. */
final class SlotEntered extends RepeatableCheck {

    SlotEntered() {
        super(CheckInfo.of(
                        "SLOT-ENTERED",
                        "V26",
                        "A CPU executes in a slot only in the hit that sent it there: while it steps, or from a boosted hit"
                                + " to the jump back.")
                .cites("resume_execution(), kprobe_handler(), setup_singlestep()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT, Role.SLOTS)
                .except());
    }

    /** Boosted hits that have not come to their jump back: CPU and slot, and the end of the hit. */
    private final Map<Place, Long> boosted = new HashMap<>();

    /** The end of the last hit of any CPU; only cited. */
    private long lastEnd = -1;

    /** A slot that code runs in, with so many trap frames below it: an interrupt's code may be in the very same slot. */
    private record Place(int cpu, int depth, long slot) {}

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.SLOT_RUN);
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        lastEnd = e.ordinal();
        if (life.outcome() == Outcome.DIRECT && state.guest().inSlots(life.endIp())) {
            boosted.put(new Place(e.cpu(), cpu(e, state).depth(), state.guest().slotAt(life.endIp())), e.ordinal());
        }
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        long slot = state.guest().slotAt(e.ip());
        Place place = new Place(e.cpu(), cpu.depth(), slot);
        exercised();
        if (boosted.containsKey(place)) {
            if (e.ip() != slot) {
                boosted.remove(place); // the jump back
            }
        } else if (cpu.livesKnown() && !isStepped(cpu, e.ip())) {
            violated(
                    e,
                    state,
                    "none",
                    "the CPU executes in the slot at " + state.guest().place(slot) + ", and no hit has sent it there",
                    cause(cpu.lastLife() == null ? -1 : cpu.lastLife().hitOrdinal(), "the last hit that is not over"),
                    cause(lastEnd, "the last hit is over"));
        }
    }

    private static boolean isStepped(CpuState cpu, long eip) {
        for (int i = 0; i < cpu.lives(); i++) {
            if (cpu.life(i).outcome() == Outcome.STEPPING && cpu.life(i).inSlot(eip)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void lost(Event event, ReplayState state) {
        boosted.clear();
    }

    @Override
    public Object memory() {
        return Set.copyOf(boosted.keySet());
    }

    @Override
    public void recall(Object memory) {
        boosted.clear();
        ((Set<?>) memory).forEach(place -> boosted.put((Place) place, -1L));
    }
}
