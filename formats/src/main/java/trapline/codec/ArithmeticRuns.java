package trapline.codec;

import trapline.block.ByteInput;
import trapline.block.MalformedBlockException;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/** Reads the arithmetic column of a block: see {@link EventEncoder}. */
public final class ArithmeticRuns {

    private static final int SIX_MASK = ~EventEncoder.FORM_MASK & 0xff;
    private static final int[] SIX_TO_EFLAGS = new int[SIX_MASK + 1];

    static {
        for (int eflags = 0; eflags <= Eflags.STATUS; eflags++) {
            if ((eflags & ~Eflags.STATUS) == 0) {
                SIX_TO_EFLAGS[EventEncoder.six(eflags)] = eflags;
            }
        }
    }

    private final Prediction prediction;
    private final Event event = new Event();
    private ByteInput in = ByteInput.EMPTY;
    private StreamState state;
    private int done;

    ArithmeticRuns(StreamState state) {
        this.state = state;
        prediction = new Prediction(state.cpus());
    }

    /** Begins a block. */
    void begin(ByteInput column, StreamState start) {
        in = column;
        state = start;
        prediction.begin(start);
        done = 0;
    }

    boolean hasMore() {
        return in.hasMore();
    }

    /** Takes in an arithmetic write that was read from the other column. */
    void learn(int cpu, long step, long eip) {
        prediction.learnFlags(cpu, step, eip);
    }

    /** How many events of the block were handed out. */
    int done() {
        return done;
    }

    /** Hands out events of a CPU; ordinal: of the first. */
    void read(int cpu, int count, long ordinal, EventConsumer consumer) throws MalformedBlockException {
        event.begin(EventKind.EFLAGS_WRITE, state.step(), cpu, 0)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0);
        for (long next = ordinal; next < ordinal + count; next++) {
            int first = in.getByte();
            switch (first & EventEncoder.FORM_MASK) {
                case EventEncoder.FORM_EXPECTED -> expected(cpu, first, next, consumer);
                case EventEncoder.FORM_FLAGS -> surprise(cpu, first & SIX_MASK, next, consumer);
                default -> throw new MalformedBlockException("no arithmetic write has the form " + first, in.position);
            }
            done++;
        }
    }

    /** An event that comes as expected. */
    private void expected(int cpu, int six, long ordinal, EventConsumer consumer) throws MalformedBlockException {
        long word = prediction.table[prediction.flagsSlot[cpu]];
        if (word == 0) {
            throw new MalformedBlockException("nothing is expected here", in.position);
        }
        long steps = word & Prediction.STEPS_MASK;
        one(cpu, prediction.flagsStep[cpu] + steps, word >> Prediction.STEPS_BITS, six, ordinal, consumer);
    }

    /** An event that writes out its address and steps, which are expected here from now on. */
    private void surprise(int cpu, int six, long ordinal, EventConsumer consumer) throws MalformedBlockException {
        long steps = in.getVarint();
        long eip = prediction.flagsEip[cpu] + in.getSigned();
        prediction.table[prediction.flagsSlot[cpu]] = Prediction.word(eip, steps);
        one(cpu, prediction.flagsStep[cpu] + steps, eip, six, ordinal, consumer);
    }

    private void one(int cpu, long step, long eip, int six, long ordinal, EventConsumer consumer)
            throws MalformedBlockException {
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        int old = state.eflags(cpu);
        int now = eflags(old, six);
        event.againFlags(step, eip, old, now, ordinal);
        consumer.accept(event);
        prediction.flagsStep[cpu] = step;
        prediction.flagsEip[cpu] = eip;
        prediction.flagsSlot[cpu] = Prediction.slot(eip, six);
        state.applyFlags(cpu, step, now);
    }

    /** EFLAGS with other status flags. */
    public static int eflags(int old, int six) {
        return (old & ~Eflags.STATUS) | SIX_TO_EFLAGS[six];
    }
}
