package trapline.replay;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplayListener} offers so that a stream can be replayed in parts, several at a time. A part begins and
 * ends at a {@link RestPoint}. Each is replayed by listeners that have seen other parts or none; what they know of the
 * stream before it is told to them, and must turn out to be true.
 */
public interface Repeatable {

    /**
     * At a point of rest, what it knows of the stream so far that can decide about later events: of two listeners with
     * equal memories both take what comes in the same way. What is only cited need not be in it, because a listener that
     * cites anything is not {@link #certain()}.
     *
     * @return a value with {@code equals}, never changed afterwards; null where something is open that only the same
     *     listener can bring to its end
     */
    @Nullable Object memory();

    /**
     * Begins a part.
     *
     * @param memory what a listener of the same kind knew at the point of rest before it
     */
    void recall(Object memory);

    /** Whether all that it has said so far holds whatever came before the parts that it has seen, its memory apart. */
    boolean certain();

    /**
     * Takes over what a listener of the same kind has counted in other parts.
     *
     * @param other which is not used any more
     * @param times how often the parts came in which it counted
     */
    void add(ReplayListener other, long times);

    /**
     * Whether what tells the comings of a {@link trapline.codec.passage.Passage} apart makes no difference to what it has said so
     * far; at the begin, whether there is anything of which it makes none.
     */
    boolean ignoresNoise();
}
