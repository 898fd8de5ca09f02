package trapline.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/** Reads the events of one block: the mirror of {@link EventEncoder}, whose page tells the forms. */
final class EventDecoder {

    private static final int[] SIX_TO_EFLAGS = new int[64];

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

    /**
     * Begins a block.
     *
     * @param in its payload
     * @param state state at its start; moved on with each event
     */
    EventDecoder(ByteInput in, StreamState state) {
        this.in = in;
        this.state = state;
        this.prediction = new Prediction(state);
        this.cpu = state.runningCpu();
    }

    /**
     * Hands out the events of the block. What was handed out before an exception stands.
     *
     * @param count events the block says it has
     * @param firstOrdinal ordinal of its first
     * @param consumer takes each event before the state has moved past it
     */
    void read(int count, long firstOrdinal, EventConsumer consumer) throws MalformedBlockException {
        for (int i = 0; i < count; i++) {
            int first = in.getByte();
            event.ordinal(firstOrdinal + i);
            switch (first & EventEncoder.FORM_MASK) {
                case EventEncoder.FORM_EXPECTED -> expectedFlags(first, consumer);
                case EventEncoder.FORM_FLAGS -> flags(first & 0x3f, consumer);
                case EventEncoder.FORM_GENERAL -> general(first & 0x3f, consumer);
                default -> throw new MalformedBlockException("no event has the form " + first, in.position);
            }
        }
        if (in.hasMore()) {
            throw new MalformedBlockException("bytes after the last event", in.position);
        }
    }

    private void expectedFlags(int six, EventConsumer consumer) throws MalformedBlockException {
        long word = prediction.table[prediction.flagsSlot[cpu]];
        if (word == 0) {
            throw new MalformedBlockException("nothing is expected here", in.position);
        }
        long steps = word & ((1L << Prediction.STEPS_BITS) - 1);
        emit(six, prediction.flagsStep[cpu] + steps, word >> Prediction.STEPS_BITS, consumer);
    }

    private void flags(int six, EventConsumer consumer) throws MalformedBlockException {
        long steps = in.getVarint();
        long eip = prediction.flagsEip[cpu] + in.getSigned();
        prediction.table[prediction.flagsSlot[cpu]] = Prediction.word(eip, steps);
        emit(six, prediction.flagsStep[cpu] + steps, eip, consumer);
    }

    private void emit(int six, long step, long eip, EventConsumer consumer) throws MalformedBlockException {
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        int old = state.eflags(cpu);
        int now = (old & ~Eflags.STATUS) | SIX_TO_EFLAGS[six];
        event.begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .set(EflagsWrite.OLD, old & 0xffffffffL)
                .set(EflagsWrite.NEW, now & 0xffffffffL)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0);
        consumer.accept(event);
        prediction.flagsSlot[cpu] = Prediction.slot(eip, six);
        prediction.flagsEip[cpu] = eip;
        prediction.flagsStep[cpu] = step;
        state.applyFlags(cpu, step, now);
    }

    private void general(int code, EventConsumer consumer) throws MalformedBlockException {
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
        consumer.accept(event);
        prediction.learn(event);
        state.apply(event);
        if (kind == EventKind.SWITCH) {
            cpu = state.runningCpu();
        }
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
