package trapline.codec.passage;

import org.jspecify.annotations.Nullable;
import trapline.block.ByteInput;
import trapline.block.MalformedBlockException;
import trapline.codec.DecoderHook;
import trapline.codec.EventDecoder;
import trapline.codec.OtherColumn;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.StreamState;

/** Reads blocks for a {@link PassageConsumer}: a decoder, and beside it the one who knows what has come before. */
public final class PassageReader implements DecoderHook {

    private final EventDecoder decoder;
    private final Recurrence recurrence;
    private @Nullable PassageConsumer consumer;
    private Passages known = new Passages();

    /** A passage that comes event by event, and where it ends: so many events of the other column. */
    private @Nullable Passage coming;

    private int comingUntil;

    /** A reader of what a decoder decodes; the state is of the shape of its blocks. */
    public PassageReader(EventDecoder decoder, StreamState state) {
        this.decoder = decoder;
        this.recurrence = new Recurrence(decoder.succession(), state);
    }

    /** As {@link EventDecoder#read(int, long, long, EventConsumer)}, with passages for those who take them. */
    public void read(int count, long firstOrdinal, long lastStep, EventConsumer to) throws MalformedBlockException {
        consumer = to instanceof PassageConsumer taker ? taker : null;
        Passages passages = consumer == null ? null : consumer.passages();
        if (passages != null) {
            known = passages;
        }
        decoder.read(count, firstOrdinal, lastStep, to, passages == null ? null : this);
    }

    @Override
    public void begin(ByteInput column, StreamState start) {
        coming = null;
        recurrence.begin(column, start, known);
    }

    @Override
    public void surprise(Event event, long mask, boolean isNew, boolean wasExpected, long flags) {
        boolean follows = (mask & OtherColumn.MASK_CPU) == 0
                && decoder.succession().isToldByState(event, (int) (mask >>> OtherColumn.MASK_FIELDS_SHIFT));
        if (!follows || !(isNew || (wasExpected && Noise.isAll(event, mask, flags)))) {
            recurrence.change();
        }
    }

    @Override
    public void event(Event event, long since, int run, boolean isNew) {
        recurrence.note(event, since, run, isNew);
    }

    @Override
    public void rests(EventDecoder at, int cpu, int count) {
        PassageConsumer taker = consumer;
        if (taker == null || !recurrence.isBetween() || !taker.rests()) {
            return;
        }
        Anchor anchor = recurrence.rest(cpu, at.done());
        if (coming != null) {
            if (at.others() < comingUntil) {
                return;
            }
            if (at.others() == comingUntil) {
                taker.passed(coming);
            }
            coming = null;
        }
        while (anchor.passage != null && recurrence.comes(anchor, count - at.done())) {
            if (!taker.again(anchor.passage)) {
                coming = anchor.passage;
                comingUntil = at.others() + anchor.others();
                return;
            }
            at.passOver(anchor.steps, recurrence.pass(anchor, cpu), anchor.others(), anchor.events - anchor.others());
        }
    }
}
