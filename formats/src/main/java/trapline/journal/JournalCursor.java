package trapline.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import trapline.block.BlockInfo;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * A place in a journal: at one of its events, before the first or behind the last. It holds the events of one block.
 *
 * <p>Where events are missing, a {@code lost} event stands in their place, as {@link Journal#read} hands it out; its ordinal
 * is that of the first of them. What is known of the state does not go over such a gap: it begins anew with the block behind.
 */
public final class JournalCursor {

    private final Journal journal;
    private final List<BlockInfo> blocks;
    private final List<Event> events = new ArrayList<>();
    private StreamState start;
    private int block = -1;
    private int at = -1;

    JournalCursor(Journal journal) {
        this.journal = journal;
        this.blocks = journal.blocks();
        this.start = new StreamState(journal.header().cpus(), journal.header().observed());
    }

    /** Whether it stands at an event. */
    public boolean isAtEvent() {
        return at >= 0 && at < events.size();
    }

    /**
     * The event that it stands at.
     *
     * @throws IllegalStateException if it stands before the first or behind the last
     */
    public Event event() {
        if (!isAtEvent()) {
            throw new IllegalStateException("the cursor stands at no event");
        }
        return events.get(at);
    }

    /**
     * Goes to the first event of an ordinal or a higher one; where the ordinal is of a missing event, to the {@code lost} in
     * its place.
     *
     * @return false if there is none: it then stands behind the last event
     */
    public boolean seek(long ordinal) throws IOException {
        boolean isNext = at + 1 < events.size() && events.get(at + 1).ordinal() == ordinal;
        if (isNext) {
            at++;
            return true;
        }
        load(journal.blockOf(ordinal));
        at = lastUpTo(ordinal);
        boolean isThere = isAtEvent() && (event().ordinal() == ordinal || isMissing(event(), ordinal));
        return isThere || next();
    }

    /** Whether a lost event stands for an ordinal. */
    private static boolean isMissing(Event event, long ordinal) {
        long count = event.kind() == EventKind.LOST ? event.value(Lost.COUNT) : 0;
        return count < 0 || ordinal < event.ordinal() + count;
    }

    /** Index of the last event up to an ordinal; -1 if all are behind it. */
    private int lastUpTo(long ordinal) {
        int low = -1;
        int high = events.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (events.get(middle).ordinal() <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void load(int wanted) throws IOException {
        if (wanted == block) {
            return;
        }
        events.clear();
        start = new StreamState(journal.header().cpus(), journal.header().observed());
        block = wanted;
        if (!blocks.isEmpty()) {
            journal.read(block, block + 1, new Loading());
        }
    }

    private final class Loading implements StreamConsumer {

        @Override
        public boolean wantsArithmetic() {
            return true;
        }

        @Override
        public void resume(StreamState state) {
            start = state.copy();
        }

        @Override
        public void accept(Event event) {
            events.add(event.copy());
        }
    }

    /** The state before the event that it stands at, or behind the last one of the block; of a damaged block, nothing. */
    public StreamState stateBefore() {
        StreamState state = start.copy();
        for (int i = 0; i < Math.min(at, events.size()); i++) {
            if (events.get(i).kind() != EventKind.LOST) {
                state.apply(events.get(i));
            }
        }
        return state;
    }

    /** Goes to the next event, if there is one; if not, it stands behind the last. */
    public boolean next() throws IOException {
        at = Math.min(at + 1, events.size());
        while (at >= events.size() && block + 1 < blocks.size()) {
            load(block + 1);
            at = 0;
        }
        return isAtEvent();
    }

    /** Goes to the event before, if there is one; if not, it stands before the first. */
    public boolean previous() throws IOException {
        at = Math.max(at - 1, -1);
        while (at < 0 && block > 0) {
            load(block - 1);
            at = events.size() - 1;
        }
        return isAtEvent();
    }

    /** Goes to the next event that is wanted, if there is one; if not, it stands behind the last. */
    public boolean next(Predicate<Event> wanted) throws IOException {
        boolean there = next();
        while (there && !wanted.test(event())) {
            there = next();
        }
        return there;
    }

    /** Goes to the last event before that is wanted, if there is one; if not, it stands before the first. */
    public boolean previous(Predicate<Event> wanted) throws IOException {
        boolean there = previous();
        while (there && !wanted.test(event())) {
            there = previous();
        }
        return there;
    }
}
