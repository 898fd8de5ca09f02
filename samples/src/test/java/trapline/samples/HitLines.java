package trapline.samples;

import java.util.ArrayList;
import java.util.List;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.FlagCause;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.events.TrapVector;

/**
 * The traps of a run as short lines, in the terms of the golden traces: where, EFLAGS, status, current probe, preempt
 * count. Addresses in a slot are {@code s1+N} for the first slot that is entered, {@code s2+N} for the next one.
 */
final class HitLines implements EventConsumer {

    private static final int SLOT_BYTES = 16;

    private final List<Observed> observed;
    private final SymbolTable symbols;
    private final StreamState state;
    private final Observed slots;
    private final List<Long> slotsSeen = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    HitLines(JournalHeader header) {
        observed = header.observed();
        symbols = header.symbolTable();
        state = new StreamState(header.cpus(), observed);
        slots = observed.stream()
                .filter(row -> row.name().equals("insn_slots"))
                .findFirst()
                .orElseThrow();
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void accept(Event event) {
        state.apply(event);
        switch (event.kind()) {
            case TRAP_ENTRY ->
                lines.add(TrapVector.name(event.value(TrapEntry.VECTOR)) + " ip=" + place(event.value(TrapEntry.IP))
                        + " f=" + hex(event.value(TrapEntry.EFLAGS)) + " " + kprobes());
            case TRAP_EXIT ->
                lines.add("iret ip=" + place(event.value(TrapExit.IP)) + " f=" + hex(event.value(TrapExit.EFLAGS)) + " "
                        + kprobes());
            case CALL_ENTRY -> {
                String name = observed.get(event.intValue(CallEntry.FUNCTION)).name();
                if (name.contains("_handler:")) {
                    lines.add(name + " sees f=" + hex(frameEflags()) + " " + kprobes());
                }
            }
            case CALL_EXIT -> {
                String name = observed.get(event.intValue(CallExit.FUNCTION)).name();
                if (name.endsWith("kprobe_handler")) {
                    lines.add(name + " returns " + event.value(CallExit.RESULT));
                }
            }
            case EFLAGS_WRITE -> {
                if (event.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code()) {
                    lines.add("frame f=" + hex(event.value(EflagsWrite.OLD)) + " -> "
                            + hex(event.value(EflagsWrite.NEW)));
                }
            }
            case WARN, BUG, DIE -> lines.add(event.kind().label() + " " + event.text());
            default -> {
                // Not part of a trap's protocol.
            }
        }
    }

    private int frameEflags() {
        return state.frameEflags(0, state.frameDepth(0) - 1);
    }

    private String kprobes() {
        return KprobeStatus.name(variable("kprobe_status")) + " " + probe(variable("current_kprobe")) + " old="
                + hex(variable("kprobe_old_eflags")) + " saved=" + hex(variable("kprobe_saved_eflags")) + " pc="
                + variable("preempt_count") + missed();
    }

    private String missed() {
        StringBuilder out = new StringBuilder();
        for (int row = 0; row < observed.size(); row++) {
            if (observed.get(row).name().startsWith("nmissed:") && state.variable(row, 0) != 0) {
                out.append(' ').append(observed.get(row).name()).append('=').append(state.variable(row, 0));
            }
        }
        return out.toString();
    }

    private long variable(String name) {
        for (int row = 0; row < observed.size(); row++) {
            if (observed.get(row).name().equals(name)) {
                return state.variable(row, 0);
            }
        }
        throw new IllegalArgumentException("the guest declares no " + name);
    }

    private String probe(long address) {
        return observed.stream()
                .filter(row -> row.kind() == ObservedKind.PROBE && row.address() == address)
                .map(Observed::name)
                .findFirst()
                .orElse(address == 0 ? "none" : hex(address));
    }

    private String place(long address) {
        long offset = address - slots.address();
        if (offset >= 0 && offset < slots.size()) {
            long slot = offset / SLOT_BYTES;
            if (!slotsSeen.contains(slot)) {
                slotsSeen.add(slot);
            }
            return "s" + (slotsSeen.indexOf(slot) + 1) + "+" + offset % SLOT_BYTES;
        }
        Symbol symbol = symbols.find(address);
        return symbol == null ? hex(address) : symbol.name() + "+" + (address - symbol.address());
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }
}
