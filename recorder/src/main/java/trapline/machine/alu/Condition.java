package trapline.machine.alu;

/**
 * The sixteen conditions of Jcc, SETcc and CMOVcc (Intel SDM vol. 1 appendix B), as masks: a condition holds if
 * {@code (eflags & BITS) | ((SF ^ OF) & SIGNED)} is non-zero, or zero for the odd, negated ones.
 */
public final class Condition {
    private static final int SF_NOT_OF = Flags.SF;

    private static final int[] BITS = {
        Flags.OF, Flags.CF, Flags.ZF, Flags.CF | Flags.ZF, Flags.SF, Flags.PF, 0, Flags.ZF
    };
    private static final int[] SIGNED = {0, 0, 0, 0, 0, 0, SF_NOT_OF, SF_NOT_OF};

    private Condition() {}

    /** The flags of which one must be set, for the low four bits of an opcode. */
    public static int bits(int condition) {
        return BITS[condition >> 1];
    }

    /** As {@link #bits}, for SF unequal OF. */
    public static int signed(int condition) {
        return SIGNED[condition >> 1];
    }

    /** Whether the masked condition, not negated, holds. OF is brought to SF's place by the shift. */
    public static boolean any(int eflags, int bits, int signed) {
        return ((eflags & bits) | (((eflags >>> 4) ^ eflags) & signed)) != 0;
    }

    /** Whether the condition of an opcode's low four bits holds. */
    public static boolean holds(int condition, int eflags) {
        return any(eflags, bits(condition), signed(condition)) == ((condition & 1) == 0);
    }
}
