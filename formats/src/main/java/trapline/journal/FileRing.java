package trapline.journal;

import java.util.ArrayDeque;
import java.util.Deque;

/** When a journal begins another file, and when a ring may drop its oldest one. */
final class FileRing {

    /** A ring has about so many files for the events that it keeps: with fewer, it holds up to twice of what it should. */
    private static final int FILES_OF_RING = 4;

    private final long rollBytes;
    private final long rollEvents;
    private final long keepLast;
    private final Deque<Long> firstOrdinals = new ArrayDeque<>();
    private long bytes;

    FileRing(JournalOptions options) {
        keepLast = options.keepLastEvents();
        rollBytes = options.rollBytes() > 0 ? options.rollBytes() : Long.MAX_VALUE;
        rollEvents = keepLast > 0 ? Math.max(1, keepLast / FILES_OF_RING) : Long.MAX_VALUE;
        firstOrdinals.add(0L);
    }

    /** Whether a block of events that begins with this ordinal goes to a new file. */
    boolean isFull(long ordinal) {
        return bytes >= rollBytes || ordinal - firstOrdinals.getLast() >= rollEvents;
    }

    void rolled(long ordinal) {
        firstOrdinals.add(ordinal);
        bytes = 0;
    }

    void appended(int length) {
        bytes += length;
    }

    /** Whether the files after the oldest hold what must be kept of the events before this ordinal; it is then forgotten. */
    boolean dropsOldest(long ordinal) {
        if (keepLast == 0 || firstOrdinals.size() < 2) {
            return false;
        }
        Long oldest = firstOrdinals.removeFirst();
        if (firstOrdinals.getFirst() <= ordinal - keepLast) {
            return true;
        }
        firstOrdinals.addFirst(oldest);
        return false;
    }
}
