package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** SLOT-STABLE (V27): the copied instruction stays as it was copied. */
final class SlotStable extends RepeatableCheck {

    SlotStable() {
        super(CheckInfo.of(
                        "SLOT-STABLE",
                        "V27",
                        "While its probe is armed the instruction in a slot never changes, and what stands behind it"
                                + " changes once, when the jump back is written.")
                .cites("arch_prepare_kprobe(), resume_execution()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.TEXT_WRITE, EventKind.CURRENT_KPROBE)
                .declared(Role.SLOTS)
                .except("a slot that was given back is written for its next probe"));
    }

    private static final int SLOT_BYTES = 16;

    private final Map<Long, Used> used = new HashMap<>();

    private static final class Used {
        final long address;
        final long ordinal;
        long lengthBytes = 1;
        int changedOnce;

        Used(long address, long ordinal) {
            this.address = address;
            this.ordinal = ordinal;
        }

        Used(Known known) {
            this(known.address(), -1);
            lengthBytes = known.lengthBytes();
            changedOnce = known.changedOnce();
        }

        Known known() {
            return new Known(address, lengthBytes, changedOnce);
        }
    }

    private record Known(long address, long lengthBytes, int changedOnce) {}

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TEXT_WRITE);
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.slot() != 0 && state.guest().inSlots(life.slot())) {
            exercised();
            Used known = used.get(life.slot());
            if (known == null || known.address != life.address()) {
                used.put(life.slot(), new Used(life.address(), e.ordinal()));
            }
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        Used known = used.get(life.slot());
        long length = life.trapIp() - life.slot();
        if (known != null && life.outcome() == Outcome.STEPPED && length > 0 && length < SLOT_BYTES) {
            known.lengthBytes = length;
        }
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long address = e.value(TextWrite.ADDRESS);
        long changed = e.value(TextWrite.OLD) ^ e.value(TextWrite.NEW);
        for (int i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
            if ((changed >>> (8 * i) & 0xff) != 0 && state.guest().inSlots(address + i)) {
                written(e, state, address + i);
            }
        }
    }

    /** A store may reach over the end of a slot: each byte is judged in its own. */
    private void written(Event e, ReplayState state, long address) {
        long slot = state.guest().slotAt(address);
        Used known = used.get(slot);
        if (known != null && !state.text().armed(known.address)) {
            used.remove(slot);
        } else if (known != null) {
            change(e, state, known, (int) (address - slot));
        }
    }

    private void change(Event e, ReplayState state, Used known, int offset) {
        boolean inInstruction = offset < known.lengthBytes;
        boolean again = (known.changedOnce >>> offset & 1) != 0;
        known.changedOnce |= 1 << offset;
        if (inInstruction || again) {
            violated(
                    e,
                    state,
                    "none",
                    String.format(
                            "byte %d of the slot for %s is written %s while the probe is armed",
                            offset,
                            state.guest().place(known.address),
                            inInstruction ? "over the copied instruction" : "a second time"),
                    cause(known.ordinal, "the first step in this slot"));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        used.clear();
    }

    @Override
    public Object memory() {
        Map<Long, Known> memory = new HashMap<>();
        used.forEach((slot, known) -> memory.put(slot, known.known()));
        return memory;
    }

    @Override
    public void recall(Object memory) {
        used.clear();
        ((Map<?, ?>) memory).forEach((slot, known) -> used.put((Long) slot, new Used((Known) known)));
    }
}
