package trapline.latency;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.replay.Repeatable;
import trapline.replay.ReplayListener;

/** Measures spans into a table that all meters of a replay share; nothing of the past matters to it but what is open. */
abstract class Meter extends ReplayListener implements Repeatable {

    /** Whether a span has begun that has not ended. */
    abstract boolean isOpen();

    @Override
    public final @Nullable Object memory() {
        return isOpen() ? null : List.of();
    }

    @Override
    public final void recall(Object memory) {}

    @Override
    public final boolean certain() {
        return true;
    }

    /** One of them adds for all: {@link Latencies}. */
    @Override
    public void add(ReplayListener other, long times) {}

    @Override
    public boolean ignoresNoise() {
        return true;
    }
}
