package trapline.record;

import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.StreamState;

/**
 * The first event in which a journal differs from its repetition, see {@link RunningComparison}.
 *
 * @param ordinal its place in both streams
 * @param recorded the first journal's event; null if it has ended
 * @param repeated the second journal's event; null if it has ended
 * @param recordedState state before it in the first
 * @param repeatedState state before it in the second
 */
record FirstDifference(
        long ordinal,
        @Nullable Event recorded,
        @Nullable Event repeated,
        StreamState recordedState,
        StreamState repeatedState) {}
