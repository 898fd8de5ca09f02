package trapline.checks;

import java.io.IOException;
import trapline.events.EventConsumer;

/** A stream of events that can be read more than once. */
@FunctionalInterface
public interface EventSource {

    /**
     * Hands out all events in their order.
     *
     * @param consumer takes them
     * @throws IOException if they cannot be read
     */
    void read(EventConsumer consumer) throws IOException;
}
