package trapline.events;

/** Takes the events of a stream in their order. */
@FunctionalInterface
public interface EventConsumer {

    /**
     * Takes one event.
     *
     * @param event a view that the caller reuses after this call
     */
    void accept(Event event);
}
