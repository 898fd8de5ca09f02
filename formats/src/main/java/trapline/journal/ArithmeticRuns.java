package trapline.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * Reads the two short forms of {@link EventEncoder}: runs of arithmetic EFLAGS writes, which are most of a stream. Holds
 * {@link Prediction}'s table in the shape that is fastest to walk, one long for each slot:
 *
 * <pre>
 *  63                      32  31  30     16 15      0
 *  +-------------------------+---+----------+---------+
 *  |  Prediction.hash(eip)   | 1 |    0     |  steps  |      or 0: nothing is expected here
 *  +-------------------------+---+----------+---------+
 * </pre>
 *
 * The upper half plus what the flags decide is the next slot, so passing over an event waits for one load and one
 * addition.
 */
final class ArithmeticRuns {

    private static final int SLOTS = 1 << Prediction.TABLE_BITS;
    private static final int SLOT_SHIFT = Long.SIZE - Prediction.TABLE_BITS;
    private static final long EXPECTED = 1L << 31;
    private static final int SIX_MASK = 0x3f;
    private static final int[] SIX_TO_EFLAGS = new int[SIX_MASK + 1];

    /** {@link Prediction#condition}, to be added to the upper half of a word. */
    private static final long[] CONDITION = new long[SIX_MASK + 1];

    static {
        for (int eflags = 0; eflags <= Eflags.STATUS; eflags++) {
            if ((eflags & ~Eflags.STATUS) == 0) {
                SIX_TO_EFLAGS[EventEncoder.six(eflags)] = eflags;
            }
        }
        for (int six = 0; six <= SIX_MASK; six++) {
            CONDITION[six] = (long) Prediction.condition(six) << 32;
        }
    }

    private final long[] table = new long[SLOTS];
    private final long[] eips = new long[SLOTS];
    private final int[] lastSlot;
    private final long[] lastEip;
    private final long[] lastStep;
    private final Event event = new Event();
    private ByteInput in = ByteInput.EMPTY;
    private StreamState state;
    private int done;

    ArithmeticRuns(StreamState state) {
        this.state = state;
        lastSlot = new int[state.cpus()];
        lastEip = new long[state.cpus()];
        lastStep = new long[state.cpus()];
    }

    /** Begins a block: forgets everything. */
    void begin(ByteInput payload, StreamState start) {
        in = payload;
        state = start;
        done = 0;
        Arrays.fill(table, 0);
        Arrays.fill(lastSlot, 0);
        Arrays.fill(lastEip, 0);
        Arrays.fill(lastStep, start.step());
    }

    /** How many events of the block were read here. */
    int done() {
        return done;
    }

    /** Takes in an arithmetic write that was read in the general form. */
    void learn(int cpu, long step, long eip) {
        if (step >= lastStep[cpu]) {
            lastStep[cpu] = step;
            lastEip[cpu] = eip;
        }
    }

    /**
     * Reads events of a CPU up to one of another form.
     *
     * @param max how many at the most
     * @param ordinal of the first
     * @param consumer takes them; null to pass over them
     */
    void read(int cpu, int max, long ordinal, @Nullable EventConsumer consumer) throws MalformedBlockException {
        int last = done + max;
        long first = ordinal - done;
        if (consumer != null) {
            event.begin(EventKind.EFLAGS_WRITE, state.step(), cpu, 0)
                    .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                    .set(EflagsWrite.FRAME, 0);
        }
        while (done < last && in.position < in.end && in.bytes[in.position] >= 0) {
            if (in.bytes[in.position] >= EventEncoder.FORM_FLAGS) {
                surprise(cpu, first, consumer);
            } else if (consumer != null || !passOver(cpu, last - done)) {
                expected(cpu, first, consumer);
            }
        }
    }

    /**
     * Passes over events that come as expected. All that changes is in locals: this is the hot loop.
     *
     * @return false where one of them is malformed; nothing has changed then
     */
    private boolean passOver(int cpu, int max) {
        byte[] bytes = in.bytes;
        int position = in.position;
        int end = Math.min(in.end, position + max);
        int slot = lastSlot[cpu];
        int from;
        int six;
        long expected = EXPECTED;
        long step = lastStep[cpu];
        boolean backwards = step + (table[slot] & Prediction.STEPS_MASK) < state.step();
        do {
            long word = table[slot];
            six = bytes[position++];
            from = slot;
            slot = (int) ((word + CONDITION[six & SIX_MASK]) >>> SLOT_SHIFT);
            step += word & Prediction.STEPS_MASK;
            expected &= word;
        } while (position < end && (bytes[position] & EventEncoder.FORM_MASK) == EventEncoder.FORM_EXPECTED);
        if (expected == 0 || backwards || step < state.step()) {
            return false;
        }
        done += position - in.position;
        in.position = position;
        passed(cpu, step, eips[from], six, slot);
        return true;
    }

    /** Reads one event that comes as expected. */
    private void expected(int cpu, long first, @Nullable EventConsumer consumer) throws MalformedBlockException {
        long word = table[lastSlot[cpu]];
        int six = in.bytes[in.position++];
        if (word == 0) {
            throw new MalformedBlockException("nothing is expected here", in.position);
        }
        one(cpu, lastStep[cpu] + (word & Prediction.STEPS_MASK), eips[lastSlot[cpu]], six, first, consumer);
    }

    /** Reads one event that writes out its address and steps, which are expected here from now on. */
    private void surprise(int cpu, long first, @Nullable EventConsumer consumer) throws MalformedBlockException {
        int six = in.bytes[in.position++] & SIX_MASK;
        long steps = in.getVarint();
        long eip = lastEip[cpu] + in.getSigned();
        int slot = lastSlot[cpu];
        int hash = Prediction.hash(eip);
        table[slot] = Prediction.word(eip, steps) == 0 ? 0 : (long) hash << 32 | EXPECTED | steps;
        eips[slot] = eip;
        one(cpu, lastStep[cpu] + steps, eip, six, first, consumer);
    }

    private void one(int cpu, long step, long eip, int six, long first, @Nullable EventConsumer consumer)
            throws MalformedBlockException {
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        if (consumer != null) {
            int old = state.eflags(cpu);
            event.againFlags(step, eip, old, eflags(old, six), first + done);
            consumer.accept(event);
        }
        done++;
        passed(cpu, step, eip, six, Prediction.slot(eip, six));
    }

    private void passed(int cpu, long step, long eip, int six, int slot) {
        lastStep[cpu] = step;
        lastEip[cpu] = eip;
        lastSlot[cpu] = slot;
        state.applyFlags(cpu, step, eflags(state.eflags(cpu), six));
    }

    private static int eflags(int old, int six) {
        return (old & ~Eflags.STATUS) | SIX_TO_EFLAGS[six];
    }
}
