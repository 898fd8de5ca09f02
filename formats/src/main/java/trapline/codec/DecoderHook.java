package trapline.codec;

import trapline.block.ByteInput;
import trapline.events.Event;
import trapline.events.StreamState;

/** Follows an {@link EventDecoder} through a block, and may let it pass over events that it knows already. */
public interface DecoderHook {

    /**
     * A block begins.
     *
     * @param column the other column, which the decoder reads on
     * @param start the state, which the decoder moves on
     */
    void begin(ByteInput column, StreamState start);

    /**
     * No trap frame is open on the CPU that runs, and no run waits for its event. Who passes over events moves the column on
     * and tells the decoder by {@link EventDecoder#passOver}.
     *
     * @param count events that the block has in all
     */
    void rests(EventDecoder decoder, int cpu, int count);

    /**
     * An event has come otherwise than was expected.
     *
     * @param event what has come
     * @param mask what differs: see {@link OtherColumn}
     * @param isNew whether nothing was expected in its place
     * @param wasExpected whether an event of its kind was
     * @param flags the value that was expected in the place of an EFLAGS write's new flags
     */
    void surprise(Event event, long mask, boolean isNew, boolean wasExpected, long flags);

    /**
     * An event was decoded, as expected or not; before {@link Succession#passed}.
     *
     * @param since steps since the event before it
     * @param run arithmetic writes before it
     * @param isNew whether nothing was expected in its place
     */
    void event(Event event, long since, int run, boolean isNew);
}
