package trapline.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;

/**
 * The events of one block without its arithmetic EFLAGS writes, packed into ints: what one thread hands to another. What
 * moves between cores is what this costs, so numbers take one int each if all of an event's fit, else two.
 *
 * <pre>
 *  31      9   8   7    0
 *  +--------+------+------+---------+------+-----+-----------+
 *  |  CPU   | wide | kind | ordinal | step | eip | field ... |    ordinal and step: from the block's first on
 *  +--------+------+------+---------+------+-----+-----------+
 * </pre>
 */
final class EventBatch implements StreamConsumer {

    private static final EventKind[] KINDS = EventKind.values();
    private static final int EVENT_INTS_MAX = 2 + 2 * (2 + EventKind.FIELDS_MAX);
    private static final int KIND_MASK = 0xff;
    private static final int WIDE = 1 << 8;
    private static final int CPU_SHIFT = 9;
    private static final long INT_MASK = 0xffffffffL;

    private final Event[] views = new Event[KINDS.length];
    private final List<String> texts = new ArrayList<>();
    private int[] packed = {};
    private int length;
    private long firstOrdinal;
    private long firstStep;

    EventBatch() {
        Arrays.setAll(views, code -> new Event().begin(KINDS[code], 0, 0, 0));
    }

    /** Empties it for the events of a block. */
    void clear(BlockInfo block) {
        length = 0;
        texts.clear();
        firstOrdinal = block.firstOrdinal();
        firstStep = block.firstStep();
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
        if (e.kind().hasText()) {
            texts.add(e.text());
        }
    }

    /** Packs an event; false, and nothing is packed, where one of its numbers needs more than an int. */
    private boolean narrow(Event e) {
        int[] to = packed;
        int at = length;
        int code = e.kind().code();
        long step = e.step() - firstStep;
        long eip = e.eip();
        long all = step | eip;
        to[at] = e.cpu() << CPU_SHIFT | code;
        to[at + 1] = (int) (e.ordinal() - firstOrdinal);
        to[at + 2] = (int) step;
        to[at + 3] = (int) eip;
        at += 4;
        int fields = Prediction.fields(code);
        for (int field = 0; field < fields; field++) {
            long value = e.value(field);
            all |= value;
            to[at++] = (int) value;
        }
        boolean fits = all >>> Integer.SIZE == 0;
        length = fits ? at : length;
        return fits;
    }

    private void wide(Event e) {
        int code = e.kind().code();
        packed[length++] = e.cpu() << CPU_SHIFT | WIDE | code;
        packed[length++] = (int) (e.ordinal() - firstOrdinal);
        putLong(e.step() - firstStep);
        putLong(e.eip());
        for (int field = 0; field < Prediction.fields(code); field++) {
            putLong(e.value(field));
        }
    }

    private void putLong(long value) {
        packed[length++] = (int) value;
        packed[length++] = (int) (value >>> Integer.SIZE);
    }

    /** Hands out the events again. */
    void read(EventConsumer consumer) {
        int text = 0;
        int at = 0;
        while (at < length) {
            int head = packed[at];
            int code = head & KIND_MASK;
            Event view = views[code];
            long ordinal = firstOrdinal + packed[at + 1];
            int fields = Prediction.fields(code);
            if ((head & WIDE) == 0) {
                view.again(
                        firstStep + (packed[at + 2] & INT_MASK),
                        head >>> CPU_SHIFT,
                        packed[at + 3] & INT_MASK,
                        ordinal);
                view.set(packed, at + 4, fields);
                at += 4 + fields;
            } else {
                view.again(firstStep + wide(at + 2), head >>> CPU_SHIFT, wide(at + 4), ordinal);
                at += 6;
                for (int field = 0; field < fields; field++) {
                    view.set(field, wide(at));
                    at += 2;
                }
            }
            if (KINDS[code].hasText()) {
                view.text(texts.get(text++));
            }
            consumer.accept(view);
        }
    }

    private long wide(int at) {
        return packed[at] & INT_MASK | (long) packed[at + 1] << Integer.SIZE;
    }
}
