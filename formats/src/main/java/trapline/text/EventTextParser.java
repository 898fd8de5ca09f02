package trapline.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
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

/** Reads the lines that {@link EventText} writes. */
public final class EventTextParser {

    private final EventTextTables tables;
    private final EventTextTables.Names names;

    /**
     * Makes a parser.
     *
     * @param tables names of the stream
     */
    public EventTextParser(EventTextTables tables) {
        this.tables = tables;
        this.names = tables.names();
    }

    /**
     * The event of a line; its ordinal stays as it is.
     *
     * @param line as made by {@link EventText#line}, notes included or not
     * @param into takes the event
     * @throws IllegalArgumentException in one line what is wrong with which word
     */
    public void parse(String line, Event into) {
        EventTextScanner in = new EventTextScanner(line);
        long step = in.decimal("step");
        long cpu = in.decimal("CPU");
        long eip = in.hex("eip");
        String word = in.word("kind");
        EventKind kind = EventTextWords.kind(word);
        if (kind == null) {
            throw in.wrong("'" + word + "' is no kind of event");
        }
        if (cpu >= Math.max(tables.cpus(), 1)) {
            throw in.wrong("CPU " + cpu + " of " + tables.cpus());
        }
        into.begin(kind, step, (int) cpu, eip);
        body(into, in);
        in.end();
    }

    private void body(Event e, EventTextScanner in) {
        switch (e.kind()) {
            case TRAP_ENTRY -> trapEntry(e, in);
            case TRAP_EXIT -> trapExit(e, in);
            case EFLAGS_WRITE -> {
                in.pair(e, EflagsWrite.OLD, EflagsWrite.NEW, EventTextParser::hexOf);
                in.label(e, EflagsWrite.CAUSE);
                e.set(EflagsWrite.FRAME, in.optionalDecimal("n=", 0));
            }
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> variable(e, in);
            case CALL_ENTRY -> callEntry(e, in);
            case CALL_EXIT -> {
                e.set(CallExit.FUNCTION, row(in.word("function"), in));
                e.set(CallExit.RESULT, in.keyedHex("="));
            }
            case TEXT_READ -> {
                in.addressAndSize(e, TextRead.ADDRESS, TextRead.SIZE);
                e.set(TextRead.VALUE, in.keyedHex("="));
                in.optionalLabel(e, TextRead.BY, TextActor.GUEST.code());
            }
            case TEXT_WRITE -> {
                in.addressAndSize(e, TextWrite.ADDRESS, TextWrite.SIZE);
                in.pair(e, TextWrite.OLD, TextWrite.NEW, EventTextParser::hexOf);
                in.optionalLabel(e, TextWrite.BY, TextActor.GUEST.code());
            }
            case SWITCH -> {
                e.set(Switch.TO, in.keyedDecimal("cpu"));
                in.label(e, Switch.REASON);
            }
            case INJECT -> {
                in.label(e, Inject.WHAT);
                e.set(Inject.TARGET, in.keyedDecimal("cpu"));
                e.set(Inject.NUMBER, in.hex("number"));
                e.set(Inject.VALUE, in.keyedHex("="));
            }
            case MARK, WARN, BUG, DIE -> {
                e.set(Note.VALUE, in.keyedHex("="));
                e.text(in.quoted());
            }
            case HALT -> {
                in.label(e, Halt.REASON);
                e.set(Halt.CODE, in.keyedDecimal("="));
                e.text(in.quoted());
            }
            case HIT_END -> {
                in.label(e, HitEnd.HOW);
                e.set(HitEnd.ADDRESS, in.keyedHex("at="));
                hit(e, HitEnd.PROBE, HitEnd.FRAME, HitEnd.EXCUSES, in);
                e.set(HitEnd.DIFFERENCES, in.optionalDecimal("differs=", 0));
            }
            case HIT_DIFFERENCE -> {
                e.set(HitDifference.AT, in.labelWithHex(e, HitDifference.WHAT));
                in.pair(e, HitDifference.EXPECTED, HitDifference.FOUND, EventTextParser::hexOf);
                e.set(HitDifference.ADDRESS, in.keyedHex("at="));
                hit(e, HitDifference.PROBE, HitDifference.FRAME, HitDifference.EXCUSES, in);
            }
            case SHOWN -> shown(e, in);
            case SLOT_RUN -> e.set(SlotRun.SLOTS, row(in.word("slots"), in));
            case STACK_WRITE -> {
                in.addressAndSize(e, StackWrite.ADDRESS, StackWrite.SIZE);
                in.pair(e, StackWrite.OLD, StackWrite.NEW, EventTextParser::hexOf);
                e.set(StackWrite.FRAME, in.optionalDecimal("n=", 0));
            }
            case LOST -> {
                e.set(Lost.COUNT, in.decimal("count"));
                in.literal("until");
                e.set(Lost.UNTIL, in.decimal("step"));
                e.text(in.quoted());
            }
            case REGISTERS, REGISTERS64 -> registers(e, in);
        }
    }

    private static void registers(Event e, EventTextScanner in) {
        for (int i = 0; i < Registers.COUNT; i++) {
            e.set(i, in.keyedHex(e.kind().fields().get(i).name() + "="));
        }
    }

    private static void trapEntry(Event e, EventTextScanner in) {
        String mnemonic = in.word("vector");
        int vector = TrapVector.ofName(mnemonic);
        if (vector < 0) {
            throw in.wrong("'" + mnemonic + "' is no trap vector");
        }
        e.set(TrapEntry.VECTOR, vector);
        long offset = in.optionalDecimal("ip+", 0);
        e.set(TrapEntry.IP, in.optionalHex("ip=", e.ip() + offset));
        e.set(TrapEntry.CS, in.keyedHex("cs="));
        e.set(TrapEntry.EFLAGS, in.keyedHex("fl="));
        e.set(TrapEntry.ESP, in.keyedHex("sp="));
        e.set(TrapEntry.ERROR, in.optionalHex("err=", -1));
        e.set(TrapEntry.ADDRESS, in.optionalHex("at=", 0));
        e.set(TrapEntry.DR6, in.optionalHex("dr6=", 0));
        e.set(TrapEntry.FRAME, in.optionalDecimal("n=", 0));
        in.optionalLabel(e, TrapEntry.ORIGIN, TrapOrigin.INSTRUCTION.code());
    }

    private void hit(Event e, int probe, int frame, int excuses, EventTextScanner in) {
        String name = in.optional("probe=&");
        Long named = name == null ? null : names.probe(name);
        if (name != null && named == null) {
            throw in.wrong("the observation table has no probe '" + name + "'");
        }
        e.set(probe, named != null ? named : in.optionalHex("probe=", 0));
        e.set(frame, in.optionalDecimal("n=", 0));
        e.set(excuses, in.optionalHex("excuse=", 0));
    }

    private static void trapExit(Event e, EventTextScanner in) {
        e.set(TrapExit.IP, in.keyedHex("ip="));
        e.set(TrapExit.CS, in.keyedHex("cs="));
        e.set(TrapExit.EFLAGS, in.keyedHex("fl="));
        e.set(TrapExit.ESP, in.keyedHex("sp="));
        e.set(TrapExit.FRAME, in.optionalDecimal("n=", 0));
    }

    private void variable(Event e, EventTextScanner in) {
        String word = in.word("variable or values");
        int row = EventTextWords.defaultRow(e.kind(), tables);
        long element = -1;
        if (word.indexOf('>') < 0) {
            int bracket = word.indexOf('[');
            String name = bracket < 0 ? word : word.substring(0, bracket);
            row = name.isEmpty() ? row : row(name, in);
            element = bracket < 0 ? -1 : in.bracketed(word, bracket);
        } else {
            in.back();
        }
        if (row < 0) {
            throw in.wrong("the observation table has no " + EventTextWords.word(e.kind()));
        }
        e.set(Variable.VARIABLE, row);
        e.set(Variable.ELEMENT, element >= 0 ? element : EventTextWords.usualElement(tables, row, e.cpu()));
        in.pair(e, Variable.OLD, Variable.NEW, text -> value(e.kind(), text));
    }

    private @Nullable Long value(EventKind kind, String text) {
        if (kind == EventKind.CURRENT_KPROBE && text.startsWith("&")) {
            return names.probe(text.substring(1));
        }
        Long status = kind == EventKind.KPROBE_STATUS ? KprobeStatus.ofName(text) : null;
        return status != null ? status : hexOf(text);
    }

    private void callEntry(Event e, EventTextScanner in) {
        String word = in.word("call");
        int open = word.indexOf('(');
        if (open < 0 || !word.endsWith(")")) {
            throw in.wrong("'" + word + "' is no call");
        }
        e.set(CallEntry.FUNCTION, row(word.substring(0, open), in));
        List<String> arguments =
                List.of(word.substring(open + 1, word.length() - 1).split(",", -1));
        if (arguments.size() != 3) {
            throw in.wrong("'" + word + "' has not three arguments");
        }
        for (int i = 0; i < 3; i++) {
            e.set(CallEntry.ARG0 + i, in.hexOrWrong(arguments.get(i)));
        }
        e.set(CallEntry.RETURN, in.keyedHex("ret="));
    }

    private void shown(Event e, EventTextScanner in) {
        e.set(Shown.FUNCTION, row(in.word("function"), in));
        String when = in.word("enter or leave");
        if (!when.equals("enter") && !when.equals("leave")) {
            throw in.wrong("'" + when + "' is neither enter nor leave");
        }
        e.set(Shown.LEAVING, when.equals("leave") ? 1 : 0);
        e.set(Shown.IP, in.keyedHex("ip="));
        e.set(Shown.EFLAGS, in.keyedHex("fl="));
        e.set(Shown.IMAGE, in.keyedHex("at="));
        e.set(Shown.DIFFERS, in.optionalHex("differs=", 0));
        e.set(Shown.SEGMENTS, in.optionalHex("seg=", 0));
        e.set(Shown.FRAME, in.optionalDecimal("n=", 0));
    }

    private int row(String name, EventTextScanner in) {
        Integer row = names.index(name);
        if (row != null) {
            return row;
        }
        if (name.matches("\\?[0-9]{1,9}")) {
            return Integer.parseInt(name.substring(1));
        }
        throw in.wrong("the observation table has no '" + name + "'");
    }

    private static @Nullable Long hexOf(String text) {
        return EventTextScanner.hexOrNull(text);
    }
}
