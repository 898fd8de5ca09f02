package trapline.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * Reads the events of blocks, one block after the other: the mirror of {@link EventEncoder}, whose page tells the forms.
 *
 * <p>There is one view for each kind. It still holds the last event of its kind when the next one is read, which is just
 * what {@link Prediction} expects of most fields.
 */
final class EventDecoder {

    private static final EventKind[] KINDS = EventKind.values();
    private static final int CODE_MASK = ~EventEncoder.FORM_MASK & 0xff;

    private final Event[] views = new Event[KINDS.length];
    private final ArithmeticRuns runs;
    private final List<String> texts = new ArrayList<>();
    private ByteInput in = ByteInput.EMPTY;
    private StreamState state;
    private int cpu;
    private int others;
    private int passedOver;

    /** Step of the last event that is not in a run. */
    private long othersStep;

    /** A decoder for blocks whose state is of this shape. */
    EventDecoder(StreamState state) {
        this.state = state;
        this.runs = new ArithmeticRuns(state);
    }

    /**
     * Begins a block.
     *
     * @param payload its payload
     * @param start state at its start; moved on with each event
     */
    EventDecoder begin(ByteInput payload, StreamState start) throws MalformedBlockException {
        state = start;
        cpu = start.runningCpu();
        others = 0;
        passedOver = 0;
        othersStep = start.step();
        texts.clear();
        Arrays.setAll(views, code -> new Event().begin(KINDS[code], 0, 0, 0));
        int column = payload.position + EventEncoder.COLUMN_LENGTH_BYTES;
        if (column > payload.end) {
            throw new MalformedBlockException("has no columns", payload.position);
        }
        int length = BlockLayout.getInt(payload.bytes, payload.position);
        if (length < 0 || length > payload.end - column) {
            throw new MalformedBlockException("arithmetic column longer than the block", payload.position);
        }
        runs.begin(new ByteInput(payload.bytes, column, column + length), start);
        in = new ByteInput(payload.bytes, column + length, payload.end);
        return this;
    }

    /**
     * Hands out the events of the block. What was handed out before an exception stands.
     *
     * @param count events the block says it has
     * @param firstOrdinal ordinal of its first
     * @param lastStep step of its last, as the block says
     * @param consumer takes each event; a {@link StreamConsumer} may have arithmetic EFLAGS writes left out
     */
    void read(int count, long firstOrdinal, long lastStep, EventConsumer consumer) throws MalformedBlockException {
        boolean arithmetic = !(consumer instanceof StreamConsumer stream) || stream.wantsArithmetic();
        boolean runIsLast = false;
        while (done() < count) {
            int first = in.getByte();
            int form = first & EventEncoder.FORM_MASK;
            runIsLast = form == EventEncoder.FORM_RUN;
            if (runIsLast) {
                run(first & CODE_MASK, count - done(), firstOrdinal + done(), arithmetic ? consumer : null);
            } else if (form == EventEncoder.FORM_GENERAL) {
                general(first & CODE_MASK, firstOrdinal + done(), arithmetic, consumer);
                others++;
            } else {
                throw new MalformedBlockException("no event has the form " + first, in.position);
            }
        }
        if (in.hasMore() || (arithmetic && runs.hasMore())) {
            throw new MalformedBlockException("bytes after the last event", in.position);
        }
        if (runIsLast && !arithmetic && lastStep > state.step()) {
            state.applyFlags(cpu, lastStep, state.eflags(cpu));
        }
        if (state.step() != lastStep) {
            throw new MalformedBlockException("last event is of another step", in.position);
        }
    }

    /** How many events of the block were read so far. */
    int done() {
        return others + passedOver + runs.done();
    }

    /**
     * Reads a run of arithmetic writes.
     *
     * @param six the status flags that it leaves
     * @param max how many it may have
     * @param consumer takes them; null to pass over them
     */
    private void run(int six, int max, long ordinal, @Nullable EventConsumer consumer) throws MalformedBlockException {
        int count = 1 + in.getBounded(max, "length of a run");
        if (consumer == null) {
            state.applyFlags(cpu, state.step(), ArithmeticRuns.eflags(state.eflags(cpu), six));
            passedOver += count;
            return;
        }
        runs.read(cpu, count, ordinal, consumer);
        if (ArithmeticRuns.eflags(state.eflags(cpu), six) != state.eflags(cpu)) {
            throw new MalformedBlockException("a run that leaves other flags", in.position);
        }
    }

    private void general(int code, long ordinal, boolean arithmetic, EventConsumer consumer)
            throws MalformedBlockException {
        EventKind kind = EventKind.ofCode(code);
        if (kind == null) {
            throw new MalformedBlockException("no event has the kind " + code, in.position);
        }
        long step = othersStep + in.getVarint();
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        long mask = mask(kind);
        if ((mask & EventEncoder.MASK_CPU) != 0) {
            cpu = in.getBounded(state.cpus(), "CPU");
        }
        Event event = views[code];
        long eip = event.eip() + ((mask & EventEncoder.MASK_EIP) != 0 ? in.getSigned() : 0);
        event.again(step, cpu, eip, ordinal);
        fields(kind, event, mask >>> EventEncoder.MASK_FIELDS_SHIFT);
        if (kind.hasText()) {
            event.text(text());
        }
        boolean isArithmetic = kind == EventKind.EFLAGS_WRITE && Prediction.isArithmetic(event);
        if (arithmetic || !isArithmetic || !changesStatusAlone(event)) {
            consumer.accept(event);
        }
        if (isArithmetic) {
            runs.learn(cpu, step, eip);
        }
        othersStep = step;
        state.apply(event);
        if (kind == EventKind.SWITCH) {
            cpu = state.runningCpu();
        }
    }

    /** What is written out of an event of a kind. */
    private long mask(EventKind kind) throws MalformedBlockException {
        long mask = in.getVarint();
        if (mask >>> (EventEncoder.MASK_FIELDS_SHIFT + Prediction.fields(kind.code())) != 0) {
            throw new MalformedBlockException("field that " + kind.label() + " does not have", in.position);
        }
        return mask;
    }

    /** Sets the fields: first what the stream's state says that they must be, then the differences that are written out. */
    private void fields(EventKind kind, Event event, long mask) throws MalformedBlockException {
        long rest = mask;
        switch (kind) {
            case EFLAGS_WRITE -> {
                rest = field(event.set(EflagsWrite.OLD, state.eflags(cpu) & 0xffffffffL), EflagsWrite.OLD, rest);
                event.set(EflagsWrite.NEW, event.value(EflagsWrite.OLD));
            }
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> {
                rest = field(event, Variable.VARIABLE, rest);
                rest = field(event, Variable.ELEMENT, rest);
                event.set(
                        Variable.OLD,
                        state.variable(event.intValue(Variable.VARIABLE), event.intValue(Variable.ELEMENT)));
            }
            case TRAP_ENTRY ->
                event.set(TrapEntry.IP, event.eip())
                        .set(TrapEntry.EFLAGS, state.eflags(cpu))
                        .set(TrapEntry.FRAME, event.value(TrapEntry.FRAME) + 1);
            case TRAP_EXIT -> event.set(TrapExit.EFLAGS, state.eflags(cpu));
            default -> {
                // All fields are expected to be what they were in the last event of the kind.
            }
        }
        while (rest != 0) {
            rest = field(event, Long.numberOfTrailingZeros(rest), rest);
        }
    }

    /** Adds a field's difference if it is written out; returns the mask without it. */
    private long field(Event event, int field, long mask) throws MalformedBlockException {
        long bit = 1L << field;
        if ((mask & bit) != 0) {
            event.set(field, event.value(field) + in.getSigned());
        }
        return mask & ~bit;
    }

    private static boolean changesStatusAlone(Event event) {
        return ((event.value(EflagsWrite.OLD) ^ event.value(EflagsWrite.NEW)) & ~Eflags.STATUS) == 0;
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
