package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.events.TextActor;
import trapline.replay.ReplayState;
import trapline.replay.TextState;

/** TEXT-RESTORED (V24): where a breakpoint was, the original byte comes back. */
final class TextRestored extends RepeatableCheck {

    TextRestored() {
        super(CheckInfo.of(
                        "TEXT-RESTORED",
                        "V24",
                        "Whoever takes an int3 out of probed text puts the byte back that the int3 had replaced, and kprobes"
                                + " writes no other byte of it.")
                .cites("arch_arm_kprobe(), arch_disarm_kprobe()")
                .needs(EventKind.TEXT_WRITE)
                .declared()
                .except(
                        "a debugger's own int3 in the same place",
                        "an instruction that is replaced: what is behind its int3 is written while that stands"
                                + " (text_poke_bp())"));
    }

    /** Bytes behind an int3 that an instruction with an operand of 32 bits has. */
    private static final int OPERAND_BYTES = 4;
    /** Of an int3 whose instruction is replaced: another byte will stand there. */
    private static final int REPLACED = -1;

    private final Map<Long, Armed> armed = new HashMap<>();

    private record Armed(int original, long ordinal) {}

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TEXT_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long address = e.value(TextWrite.ADDRESS);
        if (e.value(TextWrite.BY) != TextActor.GUEST.code() || state.guest().inSlots(address)) {
            return;
        }
        for (int i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
            int old = (int) (e.value(TextWrite.OLD) >>> (8 * i)) & 0xff;
            int now = (int) (e.value(TextWrite.NEW) >>> (8 * i)) & 0xff;
            written(e, state, address + i, old, now);
        }
    }

    private void written(Event e, ReplayState state, long address, int old, int now) {
        if (now == TextState.BREAKPOINT && old != TextState.BREAKPOINT) {
            armed.putIfAbsent(address, new Armed(old, e.ordinal()));
        } else if (old == TextState.BREAKPOINT && now != TextState.BREAKPOINT) {
            Armed before = armed.remove(address);
            if (before != null) {
                exercised();
                if (before.original() != now && before.original() != REPLACED) {
                    report(e, state, address, before, now);
                }
            }
        } else if (!state.books().byKprobes(e, cpu(e, state))) {
            replaced(address);
        } else if (old != now) {
            exercised();
            violated(
                    e,
                    state,
                    "none",
                    String.format(
                            "kprobes writes %02x over %02x at %s, where no int3 is to go or to come out",
                            now, old, state.guest().place(address)));
        }
    }

    /** Somebody who is not kprobes writes a byte: the int3 a little before it guards what he does. */
    private void replaced(long address) {
        for (long at = address - OPERAND_BYTES; at < address && !armed.isEmpty(); at++) {
            armed.computeIfPresent(at, (place, before) -> new Armed(REPLACED, before.ordinal()));
        }
    }

    private void report(Event e, ReplayState state, long address, Armed before, int now) {
        violated(
                e,
                state,
                "none",
                String.format(
                        "the int3 at %s replaced byte %02x, but %02x is put back",
                        state.guest().place(address), before.original(), now),
                cause(before.ordinal(), "the int3 is written"));
    }

    @Override
    public void lost(Event event, ReplayState state) {
        armed.clear();
    }

    @Override
    public Object memory() {
        Map<Long, Integer> originals = new HashMap<>();
        armed.forEach((address, before) -> originals.put(address, before.original()));
        return originals;
    }

    @Override
    public void recall(Object memory) {
        armed.clear();
        ((Map<?, ?>) memory)
                .forEach((address, original) -> armed.put((Long) address, new Armed((Integer) original, -1)));
    }
}
