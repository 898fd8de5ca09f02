package trapline.codec.passage;

import org.jspecify.annotations.Nullable;
import trapline.events.StreamConsumer;

/**
 * A consumer that need not see again what it has seen already: where a stream goes through the same {@link Passage} again
 * and again, as code in loops makes it, it can take the whole passage as one.
 */
public interface PassageConsumer extends StreamConsumer {

    /** The passages that it has met, in all blocks that it reads; null while it wants every event. Asked for each block. */
    @Nullable Passages passages();

    /**
     * Whether a passage may begin or end behind the events so far. Asked only where no trap frame is open on the CPU that
     * runs, between two instructions.
     */
    boolean rests();

    /**
     * A passage comes again. It can be taken as a whole, and then none of its events is handed out; if not, they are, and
     * behind them comes {@link #passed}.
     *
     * @return whether it is taken
     */
    boolean again(Passage passage);

    /** The events of a passage that was not taken as a whole have been handed out. */
    void passed(Passage passage);
}
