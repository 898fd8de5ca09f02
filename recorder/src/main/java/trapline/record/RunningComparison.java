package trapline.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.journal.Journal;
import trapline.journal.JournalCursor;

/**
 * Compares a run with a journal while it runs, and ends it at the first event that differs: nobody knows how long a
 * stranger's guest runs on. A slice, a ring or a damaged journal has only a part of the events.
 */
final class RunningComparison implements EventConsumer {

    private final Journal recorded;
    private final JournalCursor place;
    private final Runnable end;
    private final StreamState state;
    private @Nullable FirstDifference difference;
    private long next;
    private long compared;

    /**
     * A comparison.
     *
     * @param recorded the journal; open until the run has ended
     * @param end ends the run
     */
    RunningComparison(Journal recorded, Runnable end) {
        this.recorded = recorded;
        this.place = recorded.cursor();
        this.end = end;
        this.state = new StreamState(recorded.header().cpus(), recorded.header().observed());
    }

    @Override
    public void accept(Event repeated) {
        if (difference != null) {
            return;
        }
        next = repeated.ordinal() + 1;
        try {
            compare(repeated);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        state.apply(repeated);
    }

    private void compare(Event repeated) throws IOException {
        long ordinal = repeated.ordinal();
        Event one = recorded(ordinal);
        boolean more = recorded.closed() && ordinal >= recorded.events();
        compared += one == null ? 0 : 1;
        if (more || (one != null && !one.sameAs(repeated))) {
            differs(ordinal, one, repeated.copy());
        }
    }

    /** The journal's event of an ordinal; null if it does not have it. */
    private @Nullable Event recorded(long ordinal) throws IOException {
        return place.seek(ordinal)
                        && place.event().kind() != EventKind.LOST
                        && place.event().ordinal() == ordinal
                ? place.event()
                : null;
    }

    private void differs(long ordinal, @Nullable Event one, @Nullable Event other) throws IOException {
        difference = new FirstDifference(ordinal, one, other, place.stateBefore(), state.copy());
        end.run();
    }

    /** The run has ended by itself; so must the journal have. */
    @Nullable FirstDifference end() throws IOException {
        Event one = difference == null && next < recorded.events() ? recorded(next) : null;
        if (one != null) {
            differs(next, one, null);
        }
        return difference;
    }

    /** Number of events that both have. */
    long compared() {
        return compared;
    }
}
