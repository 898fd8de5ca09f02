package trapline.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.StreamState;
import trapline.journal.BlockInfo;
import trapline.journal.Journal;

/**
 * The first event in which two journals of the same scenario differ.
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
        StreamState repeatedState) {

    /**
     * Compares block by block, so that memory does not depend on the length. Blocks end where the events say so: up to the
     * first difference both journals have the same blocks.
     *
     * @return null if they have the same events
     */
    static @Nullable FirstDifference find(Journal recorded, Journal repeated) throws IOException {
        List<BlockInfo> ours = recorded.blocks();
        List<BlockInfo> theirs = repeated.blocks();
        for (int block = 0; block < Math.max(ours.size(), theirs.size()); block++) {
            List<Event> a = events(recorded, block);
            List<Event> b = events(repeated, block);
            for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
                Event one = i < a.size() ? a.get(i) : null;
                Event other = i < b.size() ? b.get(i) : null;
                if (one == null || other == null || !one.sameAs(other)) {
                    long first = block < ours.size()
                            ? ours.get(block).firstOrdinal()
                            : theirs.get(block).firstOrdinal();
                    return new FirstDifference(
                            first + i, one, other, state(recorded, block, a, i), state(repeated, block, b, i));
                }
            }
        }
        return null;
    }

    private static List<Event> events(Journal journal, int block) throws IOException {
        List<Event> events = new ArrayList<>();
        if (block < journal.blocks().size()) {
            journal.read(block, block + 1, e -> events.add(e.copy()));
        }
        return events;
    }

    private static StreamState state(Journal journal, int block, List<Event> events, int before) throws IOException {
        StreamState state = block < journal.blocks().size()
                ? journal.startState(block)
                : new StreamState(journal.header().cpus(), journal.header().observed());
        events.subList(0, Math.min(before, events.size())).forEach(state::apply);
        return state;
    }
}
