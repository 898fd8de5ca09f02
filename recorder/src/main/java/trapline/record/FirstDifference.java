package trapline.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.journal.Journal;

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
        StreamState repeatedState) {

    /** A journal at the block that was asked for last. */
    static final class Place {

        private final Journal journal;
        private final List<BlockInfo> blocks;
        private final List<Event> events = new ArrayList<>();
        private int block = -1;

        Place(Journal journal) {
            this.journal = journal;
            this.blocks = journal.blocks();
        }

        /** The event of an ordinal, at or behind the last one asked for; null if the journal does not have it. */
        @Nullable Event at(long ordinal) throws IOException {
            while (block < 0 || (block < blocks.size() && blocks.get(block).endOrdinal() <= ordinal)) {
                block++;
                load();
            }
            long index = block < blocks.size() ? ordinal - blocks.get(block).firstOrdinal() : -1;
            boolean has = index >= 0 && index < events.size();
            return has && events.get((int) index).kind() != EventKind.LOST ? events.get((int) index) : null;
        }

        private void load() throws IOException {
            events.clear();
            if (block < blocks.size()) {
                long first = blocks.get(block).firstOrdinal();
                journal.read(block, block + 1, e -> {
                    // What is lost before the block belongs to it when it is the first.
                    if (e.ordinal() >= first) {
                        events.add(e.copy());
                    }
                });
            }
        }

        /** State before an event of the block asked for last, or at its end. */
        StreamState stateBefore(long ordinal) throws IOException {
            if (blocks.isEmpty()) {
                return new StreamState(journal.header().cpus(), journal.header().observed());
            }
            int from = Math.min(block, blocks.size() - 1);
            StreamState state = journal.startState(from);
            journal.read(from, from + 1, e -> {
                if (e.ordinal() >= blocks.get(from).firstOrdinal() && e.ordinal() < ordinal) {
                    state.apply(e);
                }
            });
            return state;
        }
    }
}
