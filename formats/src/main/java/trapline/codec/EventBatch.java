package trapline.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;

/**
 * The events of one block without its arithmetic EFLAGS writes, packed into ints: what one thread hands to another. What
 * moves between cores is what this costs, so an event holds only what differs from the last one of its kind.
 *
 * <pre>
 *  31           22 21      14 13     6   5    4    0
 *  +--------------+----------+--------+------+------+-----+-----------+
 *  |fields changed| ordinals | steps  |  0   | kind | eip | field ... |    since the last event, on the same CPU
 *  +--------------+----------+--------+------+------+-----+-----------+
 *  |                             CPU  |  1   | kind | ordinal | step | eip | field ... |   two ints for each: what
 *  +----------------------------------+------+------+---------+------+-----+-----------+   does not fit above
 * </pre>
 */
public final class EventBatch implements StreamConsumer {

    private static final EventKind[] KINDS = EventKind.values();
    private static final int EVENT_INTS_MAX = 1 + 2 * (3 + EventKind.FIELDS_MAX);
    private static final int KIND_MASK = 0x1f;
    private static final int WIDE = 1 << 5;
    private static final int CPU_SHIFT = 6;
    private static final int STEPS_SHIFT = 6;
    private static final int ORDINALS_SHIFT = 14;
    private static final int SINCE_MASK = 0xff;
    private static final int CHANGED_SHIFT = 22;
    private static final long INT_MASK = 0xffffffffL;

    private final List<String> texts = new ArrayList<>();
    private int[] packed = {};
    private int length;

    // The last event, and the last of each kind: as packed, and as read.
    private final long[] last = new long[KINDS.length * EventKind.FIELDS_MAX];
    private final Event[] views = new Event[KINDS.length];
    private int cpu;
    private long ordinal;
    private long step;

    public EventBatch() {
        Arrays.setAll(views, code -> new Event().begin(KINDS[code], 0, 0, 0));
    }

    /** Empties it. */
    public void clear() {
        length = 0;
        texts.clear();
        Arrays.fill(last, 0);
        begin();
    }

    private void begin() {
        cpu = 0;
        ordinal = 0;
        step = 0;
    }

    @Override
    public boolean wantsArithmetic() {
        return false;
    }

    @Override
    public void accept(Event e) {
        if (packed.length - length < EVENT_INTS_MAX) {
            packed = Arrays.copyOf(packed, Math.max(1 << 13, packed.length * 2));
        }
        if (!narrow(e)) {
            wide(e);
        }
        cpu = e.cpu();
        ordinal = e.ordinal();
        step = e.step();
        if (e.kind().hasText()) {
            texts.add(e.text());
        }
    }

    /** Packs an event; false, and nothing is packed, where one of its numbers needs more room. */
    private boolean narrow(Event e) {
        int[] to = packed;
        int code = e.kind().code();
        long ordinals = e.ordinal() - ordinal;
        long steps = e.step() - step;
        long large = e.ip();
        int changed = 0;
        int at = length + 2;
        int fields = Prediction.fields(code);
        for (int field = 0; field < fields; field++) {
            long value = e.value(field);
            int place = code * EventKind.FIELDS_MAX + field;
            if (value != last[place]) {
                last[place] = value;
                large |= value;
                changed |= 1 << field;
                to[at++] = (int) value;
            }
        }
        if ((ordinals | steps) >>> Byte.SIZE != 0 || large >>> Integer.SIZE != 0 || e.cpu() != cpu) {
            return false;
        }
        to[length] = changed << CHANGED_SHIFT | (int) ordinals << ORDINALS_SHIFT | (int) steps << STEPS_SHIFT | code;
        to[length + 1] = (int) e.ip();
        length = at;
        return true;
    }

    private void wide(Event e) {
        int code = e.kind().code();
        packed[length++] = e.cpu() << CPU_SHIFT | WIDE | code;
        putLong(e.ordinal());
        putLong(e.step());
        putLong(e.ip());
        for (int field = 0; field < Prediction.fields(code); field++) {
            putLong(e.value(field));
        }
    }

    private void putLong(long value) {
        packed[length++] = (int) value;
        packed[length++] = (int) (value >>> Integer.SIZE);
    }

    /** Hands out the events. */
    public void read(EventConsumer consumer) {
        for (Event view : views) {
            for (int field = 0; field < EventKind.FIELDS_MAX; field++) {
                view.set(field, 0);
            }
        }
        begin();
        int text = 0;
        int at = 0;
        while (at < length) {
            Event view = views[packed[at] & KIND_MASK];
            at = (packed[at] & WIDE) == 0 ? readNarrow(view, at) : readWide(view, at);
            if (view.kind().hasText()) {
                view.text(texts.get(text++));
            }
            consumer.accept(view);
        }
    }

    /** Reads an event; returns the place behind it. */
    private int readNarrow(Event view, int from) {
        int head = packed[from];
        ordinal += head >>> ORDINALS_SHIFT & SINCE_MASK;
        step += head >>> STEPS_SHIFT & SINCE_MASK;
        view.again(step, cpu, packed[from + 1] & INT_MASK, ordinal);
        int at = from + 2;
        for (int changed = head >>> CHANGED_SHIFT; changed != 0; changed &= changed - 1) {
            view.set(Integer.numberOfTrailingZeros(changed), packed[at++] & INT_MASK);
        }
        return at;
    }

    private int readWide(Event view, int from) {
        cpu = packed[from] >>> CPU_SHIFT;
        ordinal = longAt(from + 1);
        step = longAt(from + 3);
        view.again(step, cpu, longAt(from + 5), ordinal);
        int at = from + 7;
        for (int field = 0; field < view.kind().fieldCount(); field++) {
            view.set(field, longAt(at));
            at += 2;
        }
        return at;
    }

    private long longAt(int at) {
        return (packed[at] & INT_MASK) | (long) packed[at + 1] << Integer.SIZE;
    }
}
