package trapline.codec;

import java.util.Arrays;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * What the coder expects of the next arithmetic EFLAGS write. The last one's address and flags, taken together, foretell
 * the address of the next and the steps between them: the flags decide the branch between the two. The table holds
 * address and steps in one long and starts empty in each block. Writer and reader hold equal ones, so that only surprises
 * cost bytes.
 */
public final class Prediction {

    static final int TABLE_BITS = 12;

    /** Steps between two arithmetic writes that the table can hold; more are written out. */
    static final int STEPS_BITS = 16;

    static final long STEPS_MASK = (1L << STEPS_BITS) - 1;

    /** For each {@link EventEncoder#six} the hash of ZF, CF and SF != OF. */
    private static final int[] CONDITION = new int[64];

    private static final int[] FIELDS = new int[EventKind.values().length];

    static {
        for (EventKind kind : EventKind.values()) {
            FIELDS[kind.code()] = kind.fields().size();
        }
        for (int six = 0; six < CONDITION.length; six++) {
            int below = six & 1;
            int zero = six >>> 3 & 1;
            int less = (six >>> 4 ^ six >>> 5) & 1;
            CONDITION[six] = (below | (zero << 1) | (less << 2)) * 0x85ebca6b;
        }
    }

    final long[] table = new long[1 << TABLE_BITS];
    final long[] flagsEip;
    final long[] flagsStep;
    final int[] flagsSlot;

    public Prediction(int cpus) {
        flagsEip = new long[cpus];
        flagsStep = new long[cpus];
        flagsSlot = new int[cpus];
    }

    /** Forgets everything, and begins at a state. */
    public Prediction begin(StreamState at) {
        Arrays.fill(table, 0);
        Arrays.fill(flagsEip, 0);
        Arrays.fill(flagsStep, at.step());
        Arrays.fill(flagsSlot, 0);
        return this;
    }

    /** The table's word for an address and the steps before it; 0 where it holds no such pair. */
    static long word(long eip, long steps) {
        long canonical = eip << STEPS_BITS >> STEPS_BITS;
        return canonical == eip && steps >>> STEPS_BITS == 0 ? (eip << STEPS_BITS) | steps : 0;
    }

    /**
     * The slot behind an arithmetic write: its address and what a conditional jump would ask of its flags. PF and AF
     * decide no jump that compilers emit, and would only spread equal cases over the table.
     */
    static int slot(long eip, int sixFlags) {
        return slotOf(hash(eip), CONDITION[sixFlags]);
    }

    /** The part of {@link #slot} that the address decides. */
    static int hash(long eip) {
        return (int) eip * 0x9e3779b1;
    }

    /** The part of {@link #slot} that the flags decide. */
    static int condition(int sixFlags) {
        return CONDITION[sixFlags];
    }

    static int slotOf(int hash, int condition) {
        return (hash + condition) >>> (32 - TABLE_BITS);
    }

    /** Number of fields of a kind, by its code. */
    static int fields(int kind) {
        return FIELDS[kind];
    }

    /** Takes in an arithmetic write that is not in the arithmetic column. */
    void learnFlags(int cpu, long step, long eip) {
        if (step >= flagsStep[cpu]) {
            flagsStep[cpu] = step;
            flagsEip[cpu] = eip;
        }
    }

    /** Whether an event is an EFLAGS write of an arithmetic or logic instruction. */
    public static boolean isArithmetic(Event event) {
        return event.kind() == EventKind.EFLAGS_WRITE
                && event.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()
                && event.value(EflagsWrite.FRAME) == 0;
    }
}
