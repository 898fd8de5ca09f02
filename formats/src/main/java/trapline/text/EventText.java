package trapline.text;

import java.util.List;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventFields.Inject;
import trapline.events.EventFields.Lost;
import trapline.events.EventFields.Note;
import trapline.events.EventFields.Registers;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.SlotRun;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TextRead;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TextActor;
import trapline.events.TrapOrigin;
import trapline.events.TrapVector;

/**
 * Events as text: one line each, made for eyes, mails and {@code grep}, and parsed back by {@link EventTextParser}.
 *
 * <pre>
 *     STEP CPU    EIP KIND    what happened                      ; symbol
 *    10423   0 104a10 trap    #BP ip+1 cs=8 fl=202/IF sp=8ff0 n=3  ; probed
 *    10431   0 1001f0 eflags  202/IF>102/TF frame n=3  ; prepare_singlestep+0x12
 *    10440   0 100230 status  ACTIVE>SS  ; kprobe_handler+0x61
 *    10441   0 100240 call    pre_handler:p1(10a000,8ff0,0) ret=100248
 *    10460   0 104a15 differs eax 5>7 at=104a10 probe=&p1 n=3
 *    10460   0 104a15 hit     stepped at=104a10 probe=&p1 n=3 differs=1
 * </pre>
 *
 * Numbers are hexadecimal but for steps, CPUs, sizes, counts and frame ids ({@code n=}). What is left out has its usual
 * value: ip as eip, no error code, address 0, dr6 0, origin {@code instruction}, frame 0, the event's own CPU. A slash and what
 * follows it, and a semicolon and what follows it, are notes for the reader. They, and then the alignment, go where a
 * line of an i386 would be longer than {@value #COLUMNS} columns: of function and source line the latter stays. Only a long text or 64-bit values make a line longer than that.
 */
public final class EventText {

    /** Columns that a line keeps to, so that a mail does not wrap it. */
    public static final int COLUMNS = 72;

    private final EventTextTables tables;
    private final int columns;
    private final EventTextTables.Names names;

    /**
     * Makes a writer.
     *
     * @param tables names of the stream
     */
    public EventText(EventTextTables tables) {
        this(tables, COLUMNS);
    }

    /**
     * Makes a writer for lines of another width.
     *
     * @param columns more than {@value #COLUMNS} leave room for notes, such as source lines
     */
    public EventText(EventTextTables tables, int columns) {
        this.columns = Math.max(COLUMNS, columns);
        this.tables = tables;
        this.names = tables.names();
    }

    /**
     * The line of an event.
     *
     * @param event any event
     * @return one line without its end
     */
    public String line(Event event) {
        StringBuilder full = head(event, true);
        body(event, full, true);
        if (full.length() > columns) {
            full = head(event, true);
            body(event, full, false);
        }
        if (full.length() > columns) {
            full = head(event, false);
            body(event, full, false);
        }
        return withSymbol(event, full);
    }

    private String withSymbol(Event event, StringBuilder line) {
        if (event.ip() == 0 || tables.symbols().find(event.ip()) == null) {
            return line.toString();
        }
        String place = tables.symbols().describe(event.ip());
        String source = tables.symbols().source(event.ip());
        for (String note : List.of(source.isEmpty() ? place : place + " (" + source + ")", source, place)) {
            if (!note.isEmpty() && line.length() + 4 + note.length() <= columns) {
                return line + "  ; " + note;
            }
        }
        return line.toString();
    }

    private static StringBuilder head(Event event, boolean aligned) {
        StringBuilder out = new StringBuilder(COLUMNS + 16);
        padded(out, Long.toString(event.step()), aligned ? 7 : 0);
        padded(out.append(' '), Integer.toString(event.cpu()), aligned ? 2 : 0);
        padded(out.append(' '), Long.toHexString(event.ip()), aligned ? 6 : 0);
        String word = EventTextWords.word(event.kind());
        return out.append(' ').append(word).append(" ".repeat(aligned ? Math.max(1, 8 - word.length()) : 1));
    }

    private static void padded(StringBuilder out, String number, int width) {
        out.append(" ".repeat(Math.max(0, width - number.length()))).append(number);
    }

    private void body(Event e, StringBuilder out, boolean notes) {
        switch (e.kind()) {
            case TRAP_ENTRY -> trapEntry(e, out, notes);
            case TRAP_EXIT -> trapExit(e, out, notes);
            case EFLAGS_WRITE -> eflagsWrite(e, out, notes);
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> variable(e, out);
            case CALL_ENTRY -> callEntry(e, out);
            case CALL_EXIT ->
                out.append(names.of(e.value(CallExit.FUNCTION))).append(" =").append(hex(e.value(CallExit.RESULT)));
            case TEXT_READ ->
                out.append(hex(e.value(TextRead.ADDRESS)))
                        .append("+" + e.value(TextRead.SIZE) + " =")
                        .append(hex(e.value(TextRead.VALUE)))
                        .append(label(e, TextRead.BY, TextActor.GUEST.code()));
            case TEXT_WRITE ->
                out.append(hex(e.value(TextWrite.ADDRESS)))
                        .append("+" + e.value(TextWrite.SIZE) + " ")
                        .append(hex(e.value(TextWrite.OLD)) + ">" + hex(e.value(TextWrite.NEW)))
                        .append(label(e, TextWrite.BY, TextActor.GUEST.code()));
            case SWITCH -> out.append("cpu" + e.value(Switch.TO)).append(label(e, Switch.REASON, -1));
            case INJECT ->
                out.append(EventTextWords.label(e, Inject.WHAT))
                        .append(" cpu" + e.value(Inject.TARGET))
                        .append(" " + hex(e.value(Inject.NUMBER)) + " =" + hex(e.value(Inject.VALUE)));
            case MARK, WARN, BUG, DIE -> quoted(e, out.append("=" + hex(e.value(Note.VALUE)) + " "));
            case HALT -> quoted(e, out.append(EventTextWords.label(e, Halt.REASON) + " =" + e.value(Halt.CODE) + " "));
            case HIT_END -> hitEnd(e, out);
            case HIT_DIFFERENCE -> hitDifference(e, out);
            case SHOWN -> shown(e, out, notes);
            case SLOT_RUN -> out.append(names.of(e.value(SlotRun.SLOTS)));
            case STACK_WRITE -> {
                out.append(hex(e.value(StackWrite.ADDRESS))).append("+" + e.value(StackWrite.SIZE) + " ");
                out.append(hex(e.value(StackWrite.OLD)) + ">" + hex(e.value(StackWrite.NEW)));
                frame(e.value(StackWrite.FRAME), out);
            }
            case LOST -> quoted(e, out.append(e.value(Lost.COUNT) + " until " + e.value(Lost.UNTIL) + " "));
            case REGISTERS, REGISTERS64 -> registers(e, out);
        }
    }

    private void trapEntry(Event e, StringBuilder out, boolean notes) {
        out.append(TrapVector.name(e.value(TrapEntry.VECTOR)));
        long offset = e.value(TrapEntry.IP) - e.ip();
        if (offset != 0) {
            out.append(offset > 0 && offset < 16 ? " ip+" + offset : " ip=" + hex(e.value(TrapEntry.IP)));
        }
        out.append(" cs=").append(hex(e.value(TrapEntry.CS)));
        eflags(" fl=", e.value(TrapEntry.EFLAGS), out, notes);
        out.append(" sp=").append(hex(e.value(TrapEntry.ESP)));
        unless(e.value(TrapEntry.ERROR), -1, " err=", out);
        unless(e.value(TrapEntry.ADDRESS), 0, " at=", out);
        unless(e.value(TrapEntry.DR6), 0, " dr6=", out);
        frame(e.value(TrapEntry.FRAME), out);
        out.append(label(e, TrapEntry.ORIGIN, TrapOrigin.INSTRUCTION.code()));
    }

    private static void trapExit(Event e, StringBuilder out, boolean notes) {
        out.append("ip=").append(hex(e.value(TrapExit.IP)));
        out.append(" cs=").append(hex(e.value(TrapExit.CS)));
        eflags(" fl=", e.value(TrapExit.EFLAGS), out, notes);
        out.append(" sp=").append(hex(e.value(TrapExit.ESP)));
        frame(e.value(TrapExit.FRAME), out);
    }

    private static void eflagsWrite(Event e, StringBuilder out, boolean notes) {
        eflags("", e.value(EflagsWrite.OLD), out, notes);
        eflags(">", e.value(EflagsWrite.NEW), out, notes);
        out.append(' ').append(EventTextWords.label(e, EflagsWrite.CAUSE));
        frame(e.value(EflagsWrite.FRAME), out);
    }

    private void variable(Event e, StringBuilder out) {
        long row = e.value(Variable.VARIABLE);
        if (!EventTextWords.isDefaultRow(e.kind(), row, tables)) {
            out.append(names.of(row));
        }
        if (e.value(Variable.ELEMENT) != EventTextWords.usualElement(tables, row, e.cpu())) {
            out.append('[').append(e.value(Variable.ELEMENT)).append(']');
        }
        out.append(out.charAt(out.length() - 1) == ' ' ? "" : " ");
        out.append(value(e, Variable.OLD)).append('>').append(value(e, Variable.NEW));
    }

    private String value(Event e, int field) {
        long value = e.value(field);
        if (e.kind() == EventKind.KPROBE_STATUS) {
            return KprobeStatus.name(value);
        }
        String probe = e.kind() == EventKind.CURRENT_KPROBE ? names.probe(value) : null;
        return probe != null ? "&" + probe : hex(value);
    }

    private void callEntry(Event e, StringBuilder out) {
        out.append(names.of(e.value(CallEntry.FUNCTION))).append('(');
        out.append(hex(e.value(CallEntry.ARG0))).append(',');
        out.append(hex(e.value(CallEntry.ARG1))).append(',');
        out.append(hex(e.value(CallEntry.ARG2))).append(") ret=");
        out.append(hex(e.value(CallEntry.RETURN)));
    }

    private void hitEnd(Event e, StringBuilder out) {
        out.append(EventTextWords.label(e, HitEnd.HOW)).append(" at=").append(hex(e.value(HitEnd.ADDRESS)));
        hit(e, HitEnd.PROBE, HitEnd.FRAME, HitEnd.EXCUSES, out);
        if (e.value(HitEnd.DIFFERENCES) != 0) {
            out.append(" differs=").append(e.value(HitEnd.DIFFERENCES));
        }
    }

    private void hitDifference(Event e, StringBuilder out) {
        out.append(EventTextWords.label(e, HitDifference.WHAT));
        unless(e.value(HitDifference.AT), 0, "=", out);
        out.append(' ').append(hex(e.value(HitDifference.EXPECTED)));
        out.append('>').append(hex(e.value(HitDifference.FOUND)));
        out.append(" at=").append(hex(e.value(HitDifference.ADDRESS)));
        hit(e, HitDifference.PROBE, HitDifference.FRAME, HitDifference.EXCUSES, out);
    }

    private void hit(Event e, int probe, int frame, int excuses, StringBuilder out) {
        String name = names.probe(e.value(probe));
        if (name != null) {
            out.append(" probe=&").append(name);
        } else {
            unless(e.value(probe), 0, " probe=", out);
        }
        frame(e.value(frame), out);
        unless(e.value(excuses), 0, " excuse=", out);
    }

    private void shown(Event e, StringBuilder out, boolean notes) {
        out.append(names.of(e.value(Shown.FUNCTION))).append(e.value(Shown.LEAVING) == 0 ? " enter" : " leave");
        out.append(" ip=").append(hex(e.value(Shown.IP)));
        eflags(" fl=", e.value(Shown.EFLAGS), out, notes);
        out.append(" at=").append(hex(e.value(Shown.IMAGE)));
        unless(e.value(Shown.DIFFERS), 0, " differs=", out);
        unless(e.value(Shown.SEGMENTS), 0, " seg=", out);
        frame(e.value(Shown.FRAME), out);
    }

    private static void registers(Event e, StringBuilder out) {
        String separator = "";
        for (int i = 0; i < Registers.COUNT; i++) {
            out.append(separator)
                    .append(e.kind().fields().get(i).name())
                    .append('=')
                    .append(hex(e.value(i)));
            separator = " ";
        }
    }

    private static void eflags(String key, long eflags, StringBuilder out, boolean notes) {
        out.append(key).append(hex(eflags));
        String control = Eflags.names(eflags & ~(Eflags.STATUS | Eflags.FIXED)).replace(' ', ',');
        if (notes && !control.isEmpty()) {
            out.append('/').append(control);
        }
    }

    private static void unless(long value, long usual, String key, StringBuilder out) {
        if (value != usual) {
            out.append(key).append(hex(value));
        }
    }

    private static void frame(long id, StringBuilder out) {
        if (id != 0) {
            out.append(" n=").append(id);
        }
    }

    private static String label(Event e, int field, long usual) {
        return e.value(field) == usual ? "" : " " + EventTextWords.label(e, field);
    }

    private static void quoted(Event e, StringBuilder out) {
        out.append(EventTextWords.quote(e.text()));
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }
}
