package trapline.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** Reads the events of one block: the mirror of {@link EventEncoder}, whose page tells the forms. */
final class EventDecoder {

    private static final int SIX_MASK = 0x3f;
    private static final int[] SIX_TO_EFLAGS = new int[SIX_MASK + 1];

    static {
        for (int eflags = 0; eflags <= Eflags.STATUS; eflags++) {
            if ((eflags & ~Eflags.STATUS) == 0) {
                SIX_TO_EFLAGS[EventEncoder.six(eflags)] = eflags;
            }
        }
    }

    private final ByteInput in;
    private final StreamState state;
    private final Prediction prediction;
    private final List<String> texts = new ArrayList<>();
    private final Event event = new Event();
    private int cpu;
    private int done;

    /**
     * Begins a block.
     *
     * @param in its payload
     * @param state state at its start; moved on with each event
     */
    EventDecoder(ByteInput in, StreamState state) {
        this.in = in;
        this.state = state;
        this.prediction = new Prediction(state.cpus()).begin(state);
        this.cpu = state.runningCpu();
    }

    /**
     * Hands out the events of the block. What was handed out before an exception stands.
     *
     * @param count events the block says it has
     * @param firstOrdinal ordinal of its first
     * @param consumer takes each event; a {@link StreamConsumer} may have arithmetic EFLAGS writes left out
     */
    void read(int count, long firstOrdinal, EventConsumer consumer) throws MalformedBlockException {
        boolean arithmetic = !(consumer instanceof StreamConsumer stream) || stream.wantsArithmetic();
        while (done < count) {
            shortForms(count, firstOrdinal, arithmetic ? consumer : null);
            if (done < count) {
                int first = in.getByte();
                if ((first & EventEncoder.FORM_MASK) != EventEncoder.FORM_GENERAL) {
                    throw new MalformedBlockException("no event has the form " + first, in.position);
                }
                event.ordinal(firstOrdinal + done);
                general(first & 0x3f, arithmetic, consumer);
                done++;
            }
        }
        if (in.hasMore()) {
            throw new MalformedBlockException("bytes after the last event", in.position);
        }
    }

    /** How many events were read so far. */
    int done() {
        return done;
    }

    /** Reads arithmetic EFLAGS writes up to an event of another form. All that changes is in locals: this is the hot loop. */
    private void shortForms(int count, long firstOrdinal, @Nullable EventConsumer consumer)
            throws MalformedBlockException {
        byte[] bytes = in.bytes;
        long[] table = prediction.table;
        int position = in.position;
        int slot = prediction.flagsSlot[cpu];
        long eip = prediction.flagsEip[cpu];
        long step = prediction.flagsStep[cpu];
        long stepBefore = state.step();
        int eflags = state.eflags(cpu);
        int control = eflags & ~Eflags.STATUS;
        int at = done;
        beginFlags(step, eip);
        // A negative byte is another form.
        while (at < count && position < in.end && bytes[position] >= 0) {
            int first = bytes[position++];
            if (first < EventEncoder.FORM_FLAGS) {
                long word = table[slot];
                if (word == 0) {
                    settle(at, position, stepBefore, eflags);
                    throw new MalformedBlockException("nothing is expected here", position);
                }
                step += word & Prediction.STEPS_MASK;
                eip = word >> Prediction.STEPS_BITS;
            } else {
                settle(at, position, stepBefore, eflags);
                long steps = in.getVarint();
                eip += in.getSigned();
                position = in.position;
                table[slot] = Prediction.word(eip, steps);
                step += steps;
            }
            if (step < stepBefore) {
                settle(at, position, stepBefore, eflags);
                throw new MalformedBlockException("the clock runs backwards", position);
            }
            int six = first & SIX_MASK;
            int now = control | SIX_TO_EFLAGS[six];
            if (consumer != null) {
                event.againFlags(step, eip, eflags, now, firstOrdinal + at);
                consumer.accept(event);
            }
            stepBefore = step;
            eflags = now;
            slot = Prediction.slot(eip, six);
            at++;
        }
        if (at > done) {
            prediction.flagsSlot[cpu] = slot;
            prediction.flagsEip[cpu] = eip;
            prediction.flagsStep[cpu] = step;
            settle(at, position, step, eflags);
        }
    }

    private void settle(int at, int position, long step, int eflags) {
        done = at;
        in.position = position;
        state.applyFlags(cpu, step, eflags);
    }

    private void beginFlags(long step, long eip) {
        event.begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0);
    }

    private void general(int code, boolean arithmetic, EventConsumer consumer) throws MalformedBlockException {
        EventKind kind = EventKind.ofCode(code);
        if (kind == null) {
            throw new MalformedBlockException("no event has the kind " + code, in.position);
        }
        long step = state.step() + in.getVarint();
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        long mask = in.getVarint();
        int fields = kind.fields().size();
        if (mask >>> (EventEncoder.MASK_FIELDS_SHIFT + fields) != 0) {
            throw new MalformedBlockException("field that " + kind.label() + " does not have", in.position);
        }
        if ((mask & EventEncoder.MASK_CPU) != 0) {
            cpu = in.getBounded(state.cpus(), "CPU");
        }
        long eip = prediction.kindEip[code] + ((mask & EventEncoder.MASK_EIP) != 0 ? in.getSigned() : 0);
        event.begin(kind, step, cpu, eip);
        for (int field = 0; field < fields; field++) {
            boolean follows = (mask >>> (EventEncoder.MASK_FIELDS_SHIFT + field) & 1) != 0;
            event.set(field, prediction.expected(event, field) + (follows ? in.getSigned() : 0));
        }
        if (kind.hasText()) {
            event.text(text());
        }
        if (arithmetic || !changesStatusAlone()) {
            consumer.accept(event);
        }
        prediction.learn(event);
        state.apply(event);
        if (kind == EventKind.SWITCH) {
            cpu = state.runningCpu();
        }
    }

    private boolean changesStatusAlone() {
        return Prediction.isArithmetic(event)
                && ((event.value(EflagsWrite.OLD) ^ event.value(EflagsWrite.NEW)) & ~Eflags.STATUS) == 0;
    }

    private String text() throws MalformedBlockException {
        int index = in.getBounded(texts.size() + 1, "text");
        if (index < texts.size()) {
            return texts.get(index);
        }
        int length = in.getBounded(EventEncoder.TEXT_BYTES_MAX + 1, "text length");
        if (length > in.end - in.position) {
            throw new MalformedBlockException("text longer than the block", in.position);
        }
        String text = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
        in.position += length;
        texts.add(text);
        return text;
    }
}
