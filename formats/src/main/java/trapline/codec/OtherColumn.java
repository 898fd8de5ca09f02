package trapline.codec;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import trapline.block.BlockLayout;
import trapline.block.ByteOutput;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.StreamState;

/**
 * Writes the column of a block that holds every event but the arithmetic EFLAGS writes, and where they are.
 *
 * <pre>
 * 00ssssss                       a run, or none, and an event behind it as {@link Succession} expects, s steps after the
 *                                last of this column; 63: steps less 63 follow
 * 01ssssss                       the event alone is as expected
 * 10kkkkkk steps mask ...        any event: kind k
 * 11ffffff length                a run: so many events of the arithmetic column, and one more, of the CPU that runs
 *
 * ffffff   CF PF AF ZF SF OF that the run leaves, CF lowest; the other bits of EFLAGS are as before
 * length   varint
 * steps    varint: since the last event of this column
 * mask     varint: bit 0 CPU follows, bit 1 eip follows, bit 2+i field i follows; then these: CPU as varint, the others
 *          as signed varints of the difference from what {@link Succession} expects: eip, its keys, the other fields
 * text     for kinds with a text, at the end: varint index of the block's texts; an index equal to their number is
 *          followed by a new text: varint length, UTF-8
 * </pre>
 */
public final class OtherColumn {

    public static final int FORM_EXPECTED = 0x00;
    public static final int FORM_EVENT_EXPECTED = 0x40;
    public static final int FORM_GENERAL = 0x80;
    public static final int FORM_RUN = 0xc0;

    /** In the lower bits of an expected event: at least so many steps. */
    public static final int MORE_STEPS = 0x3f;

    public static final int MASK_CPU = 1;
    static final int MASK_EIP = 2;
    public static final int MASK_FIELDS_SHIFT = 2;

    /** Longer texts are cut; the guest's own notes are short. */
    static final int TEXT_BYTES_MAX = 4096;

    /** More than any event can take, with a run before it. */
    static final int EVENT_BYTES_MAX = 192 + TEXT_BYTES_MAX;

    private final ByteOutput out = new ByteOutput(BlockLayout.PAYLOAD_LIMIT_BYTES + EVENT_BYTES_MAX);
    private final Succession succession;
    private final Map<String, Integer> texts = new HashMap<>();
    private final long[] deltas = new long[EventKind.FIELDS_MAX];
    private long eipDelta;
    private long step;

    public OtherColumn(int cpus) {
        succession = new Succession(cpus);
    }

    /** Empties it, for a block that begins at a state; the state is moved on by others. */
    public OtherColumn begin(StreamState at) {
        succession.begin(at);
        out.length = 0;
        texts.clear();
        step = at.step();
        return this;
    }

    /** Bytes so far. */
    int length() {
        return out.length;
    }

    void appendTo(ByteOutput payload) {
        System.arraycopy(out.bytes, 0, payload.bytes, payload.length, out.length);
        payload.length += out.length;
    }

    /** Tells of a run behind which the block ends. */
    void end(int run) {
        if (run != 0) {
            putRun(run);
        }
    }

    /**
     * Writes an event, before the state is moved past it.
     *
     * @param run arithmetic writes since the last event of this column: {@link Succession#run}
     * @param event the event
     * @param cpu CPU of the event before
     */
    void put(int run, Event event, int cpu) {
        boolean expected = isExpected(event);
        boolean runExpected = run == succession.expectedRun(event.cpu());
        Event view = succession.expected(event.cpu(), event.kind());
        long mask = correct(view, event) | (event.cpu() != cpu ? MASK_CPU : 0);
        if (expected && mask == 0 && runExpected) {
            putExpected(out, FORM_EXPECTED, event.step() - step);
        } else {
            end(run);
            if (expected && mask == 0) {
                putExpected(out, FORM_EVENT_EXPECTED, event.step() - step);
            } else {
                putSurprise(event, mask);
            }
        }
        view.text(event.text());
        succession.passed(run, event);
        step = event.step();
    }

    private void putRun(int run) {
        out.putByte(FORM_RUN | (run & Succession.RUN_FLAGS_MASK));
        out.putVarint((run >>> Succession.RUN_SHIFT) - 1L);
    }

    /** Whether an event of this kind, with this text, is expected. */
    private boolean isExpected(Event event) {
        Event expected = succession.expected(event.cpu());
        return expected != null
                && expected.kind() == event.kind()
                && (!event.kind().hasText() || expected.text().equals(event.text()));
    }

    /** Makes what was expected equal to the event; returns what it was wrong in, and leaves the differences. */
    private long correct(Event view, Event event) {
        int keys = Succession.keys(event.kind());
        eipDelta = event.ip() - view.ip();
        succession.happened(view, event.step(), event.cpu(), event.ip(), event.ordinal());
        long mask = correct(view, event, keys);
        succession.changed(view);
        mask |= correct(
                view, event, ~keys & (1 << Prediction.fields(event.kind().code())) - 1);
        return mask << MASK_FIELDS_SHIFT | (eipDelta != 0 ? MASK_EIP : 0);
    }

    private int correct(Event view, Event event, int fields) {
        int mask = 0;
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            int field = Integer.numberOfTrailingZeros(rest);
            long delta = event.value(field) - view.value(field);
            if (delta != 0) {
                deltas[field] = delta;
                view.set(field, event.value(field));
                mask |= 1 << field;
            }
        }
        return mask;
    }

    /** Writes that an event is as expected, so many steps after the one before. */
    public static void putExpected(ByteOutput out, int form, long steps) {
        if (steps < MORE_STEPS) {
            out.putByte(form | (int) steps);
        } else {
            out.putByte(form | MORE_STEPS);
            out.putVarint(steps - MORE_STEPS);
        }
    }

    private void putSurprise(Event event, long mask) {
        out.putByte(FORM_GENERAL | event.kind().code());
        out.putVarint(event.step() - step);
        out.putVarint(mask);
        if ((mask & MASK_CPU) != 0) {
            out.putVarint(event.cpu());
        }
        if ((mask & MASK_EIP) != 0) {
            out.putSigned(eipDelta);
        }
        int fields = (int) (mask >>> MASK_FIELDS_SHIFT);
        int keys = Succession.keys(event.kind());
        putDeltas(fields & keys);
        putDeltas(fields & ~keys);
        if (event.kind().hasText()) {
            putText(event.text());
        }
    }

    private void putDeltas(int fields) {
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            out.putSigned(deltas[Integer.numberOfTrailingZeros(rest)]);
        }
    }

    private void putText(String text) {
        Integer index = texts.get(text);
        if (index != null) {
            out.putVarint(index);
            return;
        }
        out.putVarint(texts.size());
        texts.put(text, texts.size());
        byte[] utf8 = cut(text).getBytes(StandardCharsets.UTF_8);
        out.putVarint(utf8.length);
        out.putBytes(utf8);
    }

    /** At most {@link #TEXT_BYTES_MAX} bytes of UTF-8, at three bytes for a UTF-16 unit at the worst. */
    private static String cut(String text) {
        int units = TEXT_BYTES_MAX / 3;
        if (text.length() <= units) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(units - 1)) ? units - 1 : units;
        return text.substring(0, end);
    }
}
