package trapline.machine.tape;

import java.util.Arrays;
import java.util.List;

/**
 * The rows of a {@link Tape}: what happens, and what is written down of it. Every row has besides a CPU, a step and an eip,
 * which is the address (offset in CS) of the instruction at which it happened.
 *
 * <p>A value of 64 bits takes two columns, the second named as the first with {@code High}.
 *
 * <p>Whoever makes events of rows finds his kinds and fields by these names, so that a new one has to be named here, where
 * it happens, and where events are declared.
 */
public enum TapeRow {
    /** Another step belongs to position 0 from here on: its high and its low half. Readers never see it. */
    BASE("high", "low"),

    /** Something of the listener's own: see {@code Machine.append}. */
    OTHER("object"),

    /**
     * A trap or interrupt was delivered. eip is the instruction (for interrupts: the next); cs, ip and eflags as pushed; esp
     * of the interrupted code; error is -1 if the vector has none; address is CR2 for #PF, else 0; dr6 is 0 but for #DB;
     * origin an ORIGIN constant; frame the id of the frame that it opened, from 1.
     */
    TRAP_ENTRY("vector", "error", "cs", "ip", "eflags", "esp", "address", "dr6", "origin", "frame"),

    /** An IRET completed: what it loaded, and the id of the frame it closed, or 0 if it matched none. */
    TRAP_EXIT("ip", "cs", "eflags", "esp", "frame"),

    /**
     * An instruction or a trap delivery wrote EFLAGS, be the value new or not; or (CAUSE_FRAME) a store changed or rewrote
     * the saved EFLAGS of a live trap frame.
     */
    EFLAGS_WRITE("old", "new", "cause", "frame"),

    /** A store wrote an element of an observed variable; when the value changed. */
    VARIABLE("variable", "element", "old", "new"),

    /** Control arrived at an observed function: EAX, EDX, ECX, and the dword on top of the stack, 0 if it cannot be read. */
    CALL_ENTRY("function", "arg0", "arg1", "arg2", "return"),

    /** The RET at eip left an observed function with EAX as its result. */
    CALL_EXIT("function", "result"),

    /** The guest read 1, 2 or 4 bytes of observed text as data. */
    TEXT_READ("text", "address", "size", "value", "by"),

    /** Somebody, a BY constant, stored bytes over observed text. */
    TEXT_WRITE("text", "address", "size", "old", "new", "by"),

    /**
     * Observed function was entered, or (leaving 1) left, and was given a register image: where, the live trap frame that it
     * is, or 0, its EIP and EFLAGS; a bit for each register that is not what the CPU had at the trap (general ones by their
     * number in instructions, DS, ES, FS from bit 8 on); the selectors now in DS, ES and FS, 16 bits each.
     */
    SHOWN("function", "leaving", "image", "frame", "ip", "eflags", "differs", "segments", "segmentsHigh"),

    /** Control arrived at an instruction in observed text that is watched for it. */
    SLOT_RUN("slots"),

    /** A store hit the stack right above a live trap frame: that of the interrupted code. */
    STACK_WRITE("address", "size", "old", "new", "frame"),

    /** Another CPU goes on; the row's own is the one that ran before. reason is a SWITCH constant. */
    SWITCH("to", "reason"),

    /** Something was done to the machine from outside: an INJECT constant, the CPU, and what the constant says. */
    INJECT("what", "target", "number", "value"),

    /** The guest left a note through port 0x540: kind 1 mark, 2 warn, 3 bug, 4 die. */
    NOTE("kind", "value", "text"),

    /** The run is over for good: the name of an {@link trapline.machine.bus.EndReason}. */
    END("text");

    private static final TapeRow[] BY_CODE = values();

    @SuppressWarnings("ImmutableEnumChecker") // List.copyOf is immutable, which its type does not say.
    private final List<String> columns;

    TapeRow(String... columns) {
        this.columns = List.copyOf(Arrays.asList(columns));
    }

    /** The names of what is written down, in order. */
    public List<String> columns() {
        return columns;
    }

    /** Its number on a tape. */
    @SuppressWarnings("EnumOrdinal") // A tape lives no longer than the program.
    public int code() {
        return ordinal();
    }

    static TapeRow ofCode(int code) {
        return BY_CODE[code];
    }
}
