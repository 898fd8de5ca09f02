package trapline.events;

import static trapline.events.FieldType.ADDRESS;
import static trapline.events.FieldType.DECIMAL;
import static trapline.events.FieldType.EFLAGS;
import static trapline.events.FieldType.HEX;
import static trapline.events.FieldType.OBSERVED;
import static trapline.events.FieldType.VECTOR;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of events and the fields of each, in the order of {@link Event#value(int)}. {@link EventFields} names the
 * indices. Besides its fields every event has a step, a CPU and an eip (the address of the instruction at which it
 * happened). The ordinal is the code in a block, so rows are only ever appended.
 */
public enum EventKind implements Labelled {
    /** A trap is delivered. eip is the instruction; ip, eflags and esp are the values pushed or saved. */
    TRAP_ENTRY(
            "trap_entry",
            false,
            Field.of("vector", VECTOR),
            Field.of("error", DECIMAL),
            Field.of("cs", HEX),
            Field.of("ip", ADDRESS),
            Field.of("eflags", EFLAGS),
            Field.of("esp", HEX),
            Field.of("address", HEX),
            Field.of("dr6", HEX),
            Field.label("origin", TrapOrigin.values()),
            Field.of("frame", DECIMAL)),
    /** An IRET: what it loaded, and the frame it closes (0: none that is known). */
    TRAP_EXIT(
            "trap_exit",
            false,
            Field.of("ip", ADDRESS),
            Field.of("cs", HEX),
            Field.of("eflags", EFLAGS),
            Field.of("esp", HEX),
            Field.of("frame", DECIMAL)),
    /** EFLAGS written, or (cause {@code frame}) the saved image of a live trap frame. */
    EFLAGS_WRITE(
            "eflags_write",
            false,
            Field.of("old", EFLAGS),
            Field.of("new", EFLAGS),
            Field.label("cause", FlagCause.values()),
            Field.of("frame", DECIMAL)),
    /** The declared status variable of a CPU was stored to. */
    KPROBE_STATUS("kprobe_status", false, variable()),
    /** The declared current probe of a CPU was stored to. */
    CURRENT_KPROBE("current_kprobe", false, variable()),
    /** Another declared variable was stored to. */
    WATCH("watch", false, variable()),
    /** A declared function was entered; arguments in the order of regparm(3): EAX, EDX, ECX. */
    CALL_ENTRY(
            "call_entry",
            false,
            Field.of("function", OBSERVED),
            Field.of("arg0", HEX),
            Field.of("arg1", HEX),
            Field.of("arg2", HEX),
            Field.of("return", ADDRESS)),
    /** A declared function returned; result is EAX. */
    CALL_EXIT("call_exit", false, Field.of("function", OBSERVED), Field.of("result", HEX)),
    /** Probed text was read as data. */
    TEXT_READ(
            "text_read",
            false,
            Field.of("address", ADDRESS),
            Field.of("size", DECIMAL),
            Field.of("value", HEX),
            Field.label("by", TextActor.values())),
    /** Probed text was written. */
    TEXT_WRITE(
            "text_write",
            false,
            Field.of("address", ADDRESS),
            Field.of("size", DECIMAL),
            Field.of("old", HEX),
            Field.of("new", HEX),
            Field.label("by", TextActor.values())),
    /** Another CPU runs from here on; the event's own CPU is the one that ran before. */
    SWITCH("switch", false, Field.of("to", DECIMAL), Field.label("reason", SwitchReason.values())),
    /** The scenario injected something into a CPU or memory. */
    INJECT(
            "inject",
            false,
            Field.label("what", InjectKind.values()),
            Field.of("target", DECIMAL),
            Field.of("number", HEX),
            Field.of("value", HEX)),
    /** A marker set by the guest. */
    MARK("mark", true, Field.of("value", HEX)),
    /** The guest kernel warned. */
    WARN("warn", true, Field.of("value", HEX)),
    /** The guest kernel hit a BUG. */
    BUG("bug", true, Field.of("value", HEX)),
    /** The guest kernel died. */
    DIE("die", true, Field.of("value", HEX)),
    /** The run ended. */
    HALT("halt", true, Field.label("reason", HaltReason.values()), Field.of("code", DECIMAL)),
    /** Events are missing here: how many (-1: unknown), and the step up to which (-1: unknown). */
    LOST("lost", true, Field.of("count", DECIMAL), Field.of("until", DECIMAL)),
    /**
     * A probe hit is over and was compared with what the original instruction leaves when it is executed without a probe;
     * eip is where the CPU goes on. Excuses are the bits of {@link HitExcuse}.
     */
    HIT_END(
            "hit_end",
            false,
            Field.of("address", ADDRESS),
            Field.label("how", HitHow.values()),
            Field.of("probe", HEX),
            Field.of("frame", DECIMAL),
            Field.of("differences", DECIMAL),
            Field.of("excuses", HEX)),
    /** What a hit left otherwise than its instruction does without a probe; comes right before its {@link #HIT_END}. */
    HIT_DIFFERENCE(
            "hit_difference",
            false,
            Field.label("what", HitPart.values()),
            Field.of("at", HEX),
            Field.of("expected", HEX),
            Field.of("found", HEX),
            Field.of("address", ADDRESS),
            Field.of("probe", HEX),
            Field.of("frame", DECIMAL),
            Field.of("excuses", HEX)),
    /** The general registers at the event in front of it; of a 64-bit one those that have 32-bit names. */
    REGISTERS(
            "registers",
            false,
            Field.of("ax", HEX),
            Field.of("cx", HEX),
            Field.of("dx", HEX),
            Field.of("bx", HEX),
            Field.of("sp", HEX),
            Field.of("bp", HEX),
            Field.of("si", HEX),
            Field.of("di", HEX)),
    /** The other general registers of x86-64 at the event in front of them. */
    REGISTERS64(
            "registers64",
            false,
            Field.of("r8", HEX),
            Field.of("r9", HEX),
            Field.of("r10", HEX),
            Field.of("r11", HEX),
            Field.of("r12", HEX),
            Field.of("r13", HEX),
            Field.of("r14", HEX),
            Field.of("r15", HEX)),
    /**
     * The register image that a declared function is given, when it is called and (leaving 1) when it returns: where it is,
     * the live trap frame that it is (0: none, a copy), its ip and EFLAGS, which general registers (bit 0 EAX, ECX, EDX, EBX,
     * ESP, EBP, ESI, EDI) and segments (bit 8 DS, ES, FS) in it are not what the CPU had at the trap, and the selectors in
     * which the function itself runs (DS, ES, FS, 16 bits each).
     */
    SHOWN(
            "shown",
            false,
            Field.of("function", OBSERVED),
            Field.of("leaving", DECIMAL),
            Field.of("image", HEX),
            Field.of("frame", DECIMAL),
            Field.of("ip", ADDRESS),
            Field.of("eflags", EFLAGS),
            Field.of("differs", HEX),
            Field.of("segments", HEX)),
    /** The CPU is about to execute an instruction in instruction slots. */
    SLOT_RUN("slot_run", false, Field.of("slots", OBSERVED)),
    /** While a kernel's #BP or #DB is being handled, the stack right above its frame was written: that of the interrupted code. */
    STACK_WRITE(
            "stack_write",
            false,
            Field.of("address", HEX),
            Field.of("size", DECIMAL),
            Field.of("old", HEX),
            Field.of("new", HEX),
            Field.of("frame", DECIMAL));

    /** The most fields that any kind has. */
    public static final int FIELDS_MAX = 10;

    private static final EventKind[] BY_CODE = values();

    private static final Set<EventKind> USUAL =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(REGISTERS, REGISTERS64)));

    private final String label;
    private final boolean text;

    @SuppressWarnings("ImmutableEnumChecker") // List.of() is immutable, which its type does not say.
    private final List<Field> fields;

    private final int fieldCount;

    EventKind(String label, boolean text, Field... fields) {
        this.label = label;
        this.text = text;
        this.fields = List.of(fields);
        this.fieldCount = fields.length;
    }

    /** The kinds that a text need not name: a source that delivers others, or not all of them, says so. */
    public static Set<EventKind> usual() {
        return USUAL;
    }

    private static Field[] variable() {
        return new Field[] {
            Field.of("variable", OBSERVED), Field.of("element", DECIMAL), Field.of("old", HEX), Field.of("new", HEX)
        };
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether events of this kind carry a text besides their fields. */
    public boolean hasText() {
        return text;
    }

    /** The fields, in the order of their values. */
    public List<Field> fields() {
        return fields;
    }

    /** Number of fields. */
    public int fieldCount() {
        return fieldCount;
    }

    /**
     * The kind of a code.
     *
     * @param code ordinal as stored in a block
     * @return the kind, or null where this version knows none
     */
    public static @Nullable EventKind ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /**
     * The kind of a label.
     *
     * @param label as in text and JSON
     * @return the kind, or null where there is none of that name
     */
    public static @Nullable EventKind ofLabel(String label) {
        for (EventKind kind : BY_CODE) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        return null;
    }
}
