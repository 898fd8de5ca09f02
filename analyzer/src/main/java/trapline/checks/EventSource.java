package trapline.checks;

import trapline.events.EventConsumer;

/** A stream of events that can be read more than once. */
@FunctionalInterface
public interface EventSource {

    /**
     * Hands out all events in their order.
     *
     * @param consumer takes them
     */
    void read(EventConsumer consumer);
}
