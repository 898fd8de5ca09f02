package trapline.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Replay} and all its listeners knew at one moment. Immutable: every return to it makes new copies. */
public final class ReplayMemory {

    final ReplayState state;
    final Trackers trackers;
    /** Whose memories these are: what refers to them refers to those who take them over. */
    final ReplayListener[] owners;

    final List<@Nullable Object[]> listeners;

    ReplayMemory(ReplayState state, Trackers trackers, ReplayListener[] owners, List<@Nullable Object[]> listeners) {
        this.owners = owners;
        this.state = state;
        this.trackers = trackers;
        this.listeners = listeners;
    }
}
