package trapline.samples.conformance;

import java.util.List;
import java.util.Locale;

/**
 * A trap as delivered.
 *
 * @param at the instruction that EIP names when the trap is raised: INT n itself, where {@code eip} is past it
 * @param error the error code, 0 if the vector has none
 * @param eip EIP as pushed
 * @param eflags EFLAGS as pushed
 * @param esp ESP of the interrupted code
 * @param cr2 CR2; 0 unless the vector is #PF
 * @param dr6 DR6; 0 unless the vector is #DB
 * @param reg general registers at the trap
 */
record TrapEvent(int at, int vector, int error, int eip, int eflags, int esp, int cr2, int dr6, List<Integer> reg) {
    static final int RF = 0x10000;

    /** The line of a trap corpus that this event would be, without action; eip relative to the case's code. */
    String line() {
        StringBuilder text = new StringBuilder("trap ").append(Vectors.name(vector));
        if (Vectors.hasErrorCode(vector)) {
            text.append(String.format(" error=%x", error));
        }
        text.append(' ').append(place()).append(String.format(" fl=%x", eflags));
        if (vector == Vectors.PF) {
            text.append(String.format(" cr2=%x", cr2));
        }
        if (vector == Vectors.DB) {
            text.append(String.format(" dr6=%x", dr6));
        }
        return text.toString();
    }

    /** The same with some bits of EFLAGS cleared. */
    TrapEvent withoutFlags(int mask) {
        return new TrapEvent(at, vector, error, eip, eflags & ~mask, esp, cr2, dr6, reg);
    }

    private String place() {
        int offset = eip - Box.CODE;
        return offset >= 0 && offset < 0x400
                ? String.format("eip=+%x", offset)
                : String.format(Locale.ROOT, "eip=%x", eip);
    }
}
