package trapline.source.kernel;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import trapline.block.JournalHeader;
import trapline.events.Architecture;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Note;
import trapline.events.EventFields.Registers;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.events.Symbol;
import trapline.events.TrapOrigin;
import trapline.source.Source;

/** An oops as events: the trap that led to it, its registers, code and calls as marks, the death. */
public final class OopsSource implements Source {

    private static final String[] WIDE = {"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
    private static final String[] NARROW = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};

    private final Oops oops;
    private final String name;
    private final String tool;
    private final List<Symbol> symbols;
    private final long ip;
    private final Event event = new Event();
    private long ordinal;

    /**
     * Makes the source.
     *
     * @param ip address of the instruction, 0 where it is not known
     * @param symbols of the kernel, as far as they are needed
     */
    public OopsSource(Oops oops, String name, String tool, long ip, List<Symbol> symbols) {
        this.oops = oops;
        this.name = name;
        this.tool = tool;
        this.ip = ip;
        this.symbols = List.copyOf(symbols);
    }

    @Override
    public JournalHeader header() {
        return new JournalHeader(
                tool,
                0,
                "oops",
                "lines",
                oops.cpu() + 1,
                false,
                List.copyOf(EnumSet.of(
                        EventKind.MARK, EventKind.DIE, EventKind.HALT, EventKind.REGISTERS, EventKind.REGISTERS64)),
                List.of(),
                symbols,
                Map.of(),
                name,
                "",
                "",
                "",
                "",
                oops.isWide() ? Architecture.X86_64 : Architecture.I386,
                0);
    }

    @Override
    public End deliver(EventConsumer events) {
        if (oops.vector() >= 0) {
            trap(events);
        }
        registers(EventKind.REGISTERS, NARROW, events);
        if (oops.isWide()) {
            registers(EventKind.REGISTERS64, WIDE, events);
        }
        mark("at " + oops.place(), events);
        mark("code " + oops.code(), events);
        oops.calls().forEach(call -> mark("called by " + call, events));
        hand(begin(EventKind.DIE).set(Note.VALUE, oops.vector()).text(oops.headline()), events);
        hand(
                begin(EventKind.HALT)
                        .set(Halt.REASON, HaltReason.SOURCE_END.code())
                        .set(Halt.CODE, 0),
                events);
        return new End(0);
    }

    private void trap(EventConsumer events) {
        Long sp = oops.register("sp");
        hand(
                begin(EventKind.TRAP_ENTRY)
                        .set(TrapEntry.VECTOR, oops.vector())
                        .set(TrapEntry.ERROR, -1)
                        .set(TrapEntry.CS, 0)
                        .set(TrapEntry.IP, ip)
                        .set(TrapEntry.EFLAGS, oops.flags())
                        .set(TrapEntry.ESP, sp == null ? 0 : sp)
                        .set(TrapEntry.ADDRESS, oops.address())
                        .set(TrapEntry.DR6, 0)
                        .set(TrapEntry.ORIGIN, TrapOrigin.INSTRUCTION.code())
                        .set(TrapEntry.FRAME, 1),
                events);
    }

    private void registers(EventKind kind, String[] names, EventConsumer events) {
        begin(kind);
        for (int i = 0; i < Registers.COUNT; i++) {
            Long value = oops.register(names[i]);
            event.set(i, value == null ? 0 : value);
        }
        hand(event, events);
    }

    private void mark(String text, EventConsumer events) {
        hand(begin(EventKind.MARK).set(Note.VALUE, 0).text(text), events);
    }

    private Event begin(EventKind kind) {
        return event.begin(kind, 0, oops.cpu(), ip);
    }

    private void hand(Event to, EventConsumer events) {
        events.accept(to.ordinal(ordinal));
        ordinal++;
    }
}
