package trapline.replay;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;

/** Where in a stream hits and traps are, so that one can jump between them: a listener that keeps their ordinals. */
public final class Timeline extends ReplayListener {

    private final int cpu;
    private final Ordinals hits = new Ordinals();
    private final Ordinals traps = new Ordinals();

    /**
     * Prepares the listening.
     *
     * @param cpu the CPU that counts, or -1 for all
     */
    public Timeline(int cpu) {
        this.cpu = cpu;
    }

    /** Ordinals in ascending order. */
    public static final class Ordinals {
        private long[] values = new long[64];
        private int count;

        void add(long ordinal) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = ordinal;
        }

        /** The first one behind an ordinal, or -1. */
        public long after(long ordinal) {
            int at = Arrays.binarySearch(values, 0, count, ordinal + 1);
            at = at < 0 ? -at - 1 : at;
            return at < count ? values[at] : -1;
        }

        /** The last one before an ordinal, or -1. */
        public long before(long ordinal) {
            int at = Arrays.binarySearch(values, 0, count, ordinal);
            at = at < 0 ? -at - 1 : at;
            return at > 0 ? values[at - 1] : -1;
        }
    }

    /** Ordinals of the #BP taken in kernel mode. */
    public Ordinals hits() {
        return hits;
    }

    /** Ordinals of all traps. */
    public Ordinals traps() {
        return traps;
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.of(EventKind.TRAP_ENTRY);
    }

    @Override
    public void accept(Event event, ReplayState state) {
        if (cpu < 0 || event.cpu() == cpu) {
            traps.add(event.ordinal());
        }
    }

    @Override
    public void hit(Life life, Event event, ReplayState state) {
        if (cpu < 0 || event.cpu() == cpu) {
            hits.add(event.ordinal());
        }
    }
}
