package trapline.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.ByteInput;
import trapline.block.MalformedBlockException;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * Reads the events of blocks, one block after the other: the mirror of {@link EventEncoder} and {@link OtherColumn}, whose
 * pages tell the forms.
 */
public final class EventDecoder {

    private static final int CODE_MASK = ~EventEncoder.FORM_MASK & 0xff;

    private final Succession succession;
    private final ArithmeticRuns runs;
    private final List<String> texts = new ArrayList<>();
    private ByteInput in = ByteInput.EMPTY;
    private StreamState state;
    private int cpu;
    private int others;
    private int passedOver;

    /** The run since the last event that is not in one: {@link Succession#run}. */
    private int run;

    /** Step of the last event that is not in a run. */
    private long othersStep;

    /** Steps from the event before the last one, of this column. */
    private long since;

    /** Whether nothing was expected in the place of the last event. */
    private boolean isNew;

    /** Who follows it through the block, if anybody does. */
    private @Nullable DecoderHook hook;

    /** A decoder for blocks whose state is of this shape. */
    public EventDecoder(StreamState state) {
        this.state = state;
        this.runs = new ArithmeticRuns(state);
        this.succession = new Succession(state.cpus());
    }

    /**
     * Begins a block.
     *
     * @param payload its payload
     * @param start state at its start; moved on with each event
     */
    public EventDecoder begin(ByteInput payload, StreamState start) throws MalformedBlockException {
        state = start;
        cpu = start.runningCpu();
        others = 0;
        passedOver = 0;
        run = 0;
        othersStep = start.step();
        texts.clear();
        succession.begin(start);
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
    public void read(int count, long firstOrdinal, long lastStep, EventConsumer consumer)
            throws MalformedBlockException {
        read(count, firstOrdinal, lastStep, consumer, null);
    }

    /** As above, followed by a hook, which may let it pass over events: only where arithmetic is left out. */
    public void read(int count, long firstOrdinal, long lastStep, EventConsumer consumer, @Nullable DecoderHook by)
            throws MalformedBlockException {
        boolean arithmetic = leavesNothingOut(consumer);
        hook = arithmetic ? null : by;
        if (hook != null) {
            hook.begin(in, state);
        }
        while (done() < count) {
            if (hook != null && run == 0 && state.frameDepth(cpu) == 0) {
                hook.rests(this, cpu, count);
                if (done() == count) {
                    break;
                }
            }
            int first = in.getByte();
            int low = first & CODE_MASK;
            switch (first & EventEncoder.FORM_MASK) {
                case OtherColumn.FORM_EXPECTED -> {
                    run(succession.expectedRun(cpu), count - 1, firstOrdinal, arithmetic ? consumer : null);
                    handOut(expected(low, firstOrdinal + done()), arithmetic, consumer);
                }
                case OtherColumn.FORM_EVENT_EXPECTED ->
                    handOut(expected(low, firstOrdinal + done()), arithmetic, consumer);
                case OtherColumn.FORM_GENERAL -> handOut(surprise(low, firstOrdinal + done()), arithmetic, consumer);
                default -> {
                    int length = 1 + in.getBounded(count, "length of a run");
                    run(Succession.run(length, low), count, firstOrdinal, arithmetic ? consumer : null);
                }
            }
        }
        if (in.hasMore() || (arithmetic && runs.hasMore())) {
            throw new MalformedBlockException("bytes after the last event", in.position);
        }
        if (run != 0 && !arithmetic && lastStep > state.step()) {
            state.applyFlags(cpu, lastStep, state.eflags(cpu));
        }
        if (state.step() != lastStep) {
            throw new MalformedBlockException("last event is of another step", in.position);
        }
    }

    private static boolean leavesNothingOut(EventConsumer consumer) {
        return !(consumer instanceof StreamConsumer stream) || stream.wantsArithmetic();
    }

    /** What it expects of the events that come: what it has learned of this block. */
    public Succession succession() {
        return succession;
    }

    /** How many events of this column were read so far; without those of runs. */
    public int others() {
        return others;
    }

    /**
     * Goes on behind events that nobody decodes: the column has been moved on behind them.
     *
     * @param steps from the event before them to the last of them
     * @param eflags of the CPU behind them
     * @param passedOthers how many of this column they are
     * @param arithmetic how many of runs they are
     */
    public void passOver(long steps, int eflags, int passedOthers, int arithmetic) {
        othersStep += steps;
        state.applyFlags(cpu, othersStep, eflags);
        others += passedOthers;
        passedOver += arithmetic;
    }

    /** How many events of the block were read so far. */
    public int done() {
        return others + passedOver + runs.done();
    }

    /**
     * Reads a run of arithmetic writes.
     *
     * @param next the run; 0 if there is none
     * @param max so many events have been read with it at the most
     * @param firstOrdinal ordinal of the block's first event
     * @param consumer takes them; null to pass over them
     */
    private void run(int next, int max, long firstOrdinal, @Nullable EventConsumer consumer)
            throws MalformedBlockException {
        if (run != 0) {
            throw new MalformedBlockException("a run behind a run", in.position);
        }
        run = next;
        if (next == 0) {
            return;
        }
        int count = next >>> Succession.RUN_SHIFT;
        if (count > max - done()) {
            throw new MalformedBlockException("a run longer than the block", in.position);
        }
        int after = ArithmeticRuns.eflags(state.eflags(cpu), next & Succession.RUN_FLAGS_MASK);
        if (consumer == null) {
            state.applyFlags(cpu, state.step(), after);
            passedOver += count;
            return;
        }
        runs.read(cpu, count, firstOrdinal + done(), consumer);
        if (state.eflags(cpu) != after) {
            throw new MalformedBlockException("a run that leaves other flags", in.position);
        }
    }

    /** Reads an event that comes as expected. */
    private Event expected(int steps, long ordinal) throws MalformedBlockException {
        Event event = succession.expected(cpu);
        if (event == null) {
            throw new MalformedBlockException("nothing is expected here", in.position);
        }
        long step = step(steps == OtherColumn.MORE_STEPS ? steps + in.getVarint() : steps);
        isNew = false;
        succession.happened(event, step, cpu, event.ip(), ordinal);
        succession.changed(event);
        return event;
    }

    /** Reads an event that comes with its differences from what is expected. */
    private Event surprise(int code, long ordinal) throws MalformedBlockException {
        EventKind kind = EventKind.ofCode(code);
        if (kind == null) {
            throw new MalformedBlockException("no event has the kind " + code, in.position);
        }
        long step = step(in.getVarint());
        long mask = in.getVarint();
        if (mask >>> (OtherColumn.MASK_FIELDS_SHIFT + Prediction.fields(code)) != 0) {
            throw new MalformedBlockException("field that " + kind.label() + " does not have", in.position);
        }
        if ((mask & OtherColumn.MASK_CPU) != 0) {
            cpu = in.getBounded(state.cpus(), "CPU");
        }
        isNew = succession.isNew(cpu);
        boolean wasExpected = succession.expects(cpu, kind);
        Event event = succession.expected(cpu, kind);
        long flags = event.value(EflagsWrite.NEW);
        long eip = event.ip() + ((mask & OtherColumn.MASK_EIP) != 0 ? in.getSigned() : 0);
        succession.happened(event, step, cpu, eip, ordinal);
        int fields = (int) (mask >>> OtherColumn.MASK_FIELDS_SHIFT);
        int keys = Succession.keys(kind);
        differences(event, fields & keys);
        succession.changed(event);
        differences(event, fields & ~keys);
        if (kind.hasText()) {
            event.text(text());
        }
        if (hook != null) {
            hook.surprise(event, mask, isNew, wasExpected, flags);
        }
        return event;
    }

    private long step(long steps) throws MalformedBlockException {
        long step = othersStep + steps;
        since = steps;
        if (step < state.step()) {
            throw new MalformedBlockException("the clock runs backwards", in.position);
        }
        othersStep = step;
        return step;
    }

    private void differences(Event event, int fields) throws MalformedBlockException {
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            int field = Integer.numberOfTrailingZeros(rest);
            event.set(field, event.value(field) + in.getSigned());
        }
    }

    private void handOut(Event event, boolean arithmetic, EventConsumer consumer) {
        boolean isArithmetic = event.kind() == EventKind.EFLAGS_WRITE && Prediction.isArithmetic(event);
        if (arithmetic || !isArithmetic || !changesStatusAlone(event)) {
            consumer.accept(event);
        }
        if (isArithmetic) {
            runs.learn(cpu, event.step(), event.ip());
        }
        if (hook != null) {
            hook.event(event, since, run >>> Succession.RUN_SHIFT, isNew);
        }
        succession.passed(run, event);
        run = 0;
        others++;
        state.apply(event);
        if (event.kind() == EventKind.SWITCH) {
            cpu = state.runningCpu();
        }
    }

    private static boolean changesStatusAlone(Event event) {
        return ((event.value(EflagsWrite.OLD) ^ event.value(EflagsWrite.NEW)) & ~Eflags.STATUS) == 0;
    }

    private String text() throws MalformedBlockException {
        int index = in.getBounded(texts.size() + 1, "text");
        if (index < texts.size()) {
            return texts.get(index);
        }
        int length = in.getBounded(OtherColumn.TEXT_BYTES_MAX + 1, "text length");
        if (length > in.end - in.position) {
            throw new MalformedBlockException("text longer than the block", in.position);
        }
        String text = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
        in.position += length;
        texts.add(text);
        return text;
    }
}
