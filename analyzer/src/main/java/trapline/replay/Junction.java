package trapline.replay;

import java.util.List;

/**
 * All that matters later of a stream up to a point of rest.
 *
 * @param rest the state there
 * @param memories of the listeners, in their order
 */
record Junction(RestPoint rest, List<Object> memories) {

    /** Whether it makes no difference which of two a replay goes on from, the {@link trapline.events.StreamState} apart. */
    boolean sameAs(Junction other) {
        return rest.sameAs(other.rest) && memories.equals(other.memories);
    }
}
