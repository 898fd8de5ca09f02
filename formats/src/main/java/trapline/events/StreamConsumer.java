package trapline.events;

/**
 * A consumer that tells its reader more. A reader asks any {@link EventConsumer} whether it is one.
 */
public interface StreamConsumer extends EventConsumer {

    /**
     * Whether arithmetic EFLAGS writes are wanted: cause {@code alu}, the six status flags alone changed. They are most
     * of a stream, and a reader passes over them at several times the speed of handing them out. Ordinals count them all
     * the same, and the {@code old} of the next EFLAGS write is what they left behind.
     */
    default boolean wantsArithmetic() {
        return true;
    }

    /**
     * The stream goes on with this state, which the events handed out so far do not tell: the read began in the middle of
     * the stream, or events were lost. Comes after the {@code lost} event, before the first event that follows it.
     *
     * @param state the reader's own: not to be kept nor changed
     */
    default void resume(StreamState state) {}
}
