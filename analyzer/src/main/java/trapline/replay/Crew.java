package trapline.replay;

import trapline.events.StreamConsumer;

/** Who replays a stream on one thread: a replay, and what belongs to it. */
public interface Crew extends StreamConsumer {

    /** Its replay. */
    Replay replay();
}
