package trapline.journal;

import java.util.Arrays;
import java.util.List;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * What the coder expects of the next event from those before it in the same block. Writer and reader hold equal
 * predictions, so that only surprises cost bytes.
 *
 * <p>For the EFLAGS writes of arithmetic (most of a stream) the last one's address and flags, taken together, foretell
 * the address of the next and the steps between them: the flags decide the branch between the two. The table holds
 * address and steps in one long and starts empty in each block. For every other kind a field is expected to be what it
 * was in the last event of that kind, or what the stream's state says it must be.
 */
final class Prediction {

    static final int TABLE_BITS = 12;

    /** Steps between two arithmetic writes that the table can hold; more are written out. */
    static final int STEPS_BITS = 16;

    static final long STEPS_MASK = (1L << STEPS_BITS) - 1;

    private static final StreamState NOTHING = new StreamState(1, List.of());

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
    final long[] kindEip = new long[EventKind.values().length];
    private StreamState state = NOTHING;
    private final long[][] last = new long[EventKind.values().length][EventKind.FIELDS_MAX];

    Prediction(int cpus) {
        flagsEip = new long[cpus];
        flagsStep = new long[cpus];
        flagsSlot = new int[cpus];
    }

    /** Forgets everything, and begins at a state. */
    Prediction begin(StreamState at) {
        state = at;
        Arrays.fill(table, 0);
        Arrays.fill(flagsEip, 0);
        Arrays.fill(flagsStep, at.step());
        Arrays.fill(flagsSlot, 0);
        Arrays.fill(kindEip, 0);
        for (long[] values : last) {
            Arrays.fill(values, 0);
        }
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

    /** The value that a field of the event is expected to have; fields before it are set already. */
    long expected(Event event, int field) {
        return switch (event.kind()) {
            case EFLAGS_WRITE -> expectedFlags(event, field);
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> expectedVariable(event, field);
            case TRAP_ENTRY ->
                switch (field) {
                    case TrapEntry.IP -> event.eip();
                    case TrapEntry.EFLAGS -> state.eflags(event.cpu());
                    case TrapEntry.FRAME -> last(event, field) + 1;
                    default -> last(event, field);
                };
            case TRAP_EXIT -> field == TrapExit.EFLAGS ? state.eflags(event.cpu()) : last(event, field);
            default -> last(event, field);
        };
    }

    private long expectedFlags(Event event, int field) {
        return switch (field) {
            case EflagsWrite.OLD -> state.eflags(event.cpu()) & 0xffffffffL;
            case EflagsWrite.NEW -> event.value(EflagsWrite.OLD);
            default -> last(event, field);
        };
    }

    private long expectedVariable(Event event, int field) {
        if (field == Variable.OLD) {
            return state.variable(event.intValue(Variable.VARIABLE), event.intValue(Variable.ELEMENT));
        }
        return last(event, field);
    }

    private long last(Event event, int field) {
        return last[event.kind().code()][field];
    }

    /** Takes in an event that was written or read in the general form. */
    void learn(Event event) {
        if (isArithmetic(event)) {
            learnFlags(event.cpu(), event.step(), event.eip());
        }
        int kind = event.kind().code();
        kindEip[kind] = event.eip();
        long[] values = last[kind];
        for (int field = 0; field < FIELDS[kind]; field++) {
            values[field] = event.value(field);
        }
    }

    /** Takes in an arithmetic write that is not in the arithmetic column. */
    void learnFlags(int cpu, long step, long eip) {
        if (step >= flagsStep[cpu]) {
            flagsStep[cpu] = step;
            flagsEip[cpu] = eip;
        }
    }

    /** Whether an event is an EFLAGS write of an arithmetic or logic instruction. */
    static boolean isArithmetic(Event event) {
        return event.kind() == EventKind.EFLAGS_WRITE
                && event.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()
                && event.value(EflagsWrite.FRAME) == 0;
    }
}
