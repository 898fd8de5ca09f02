package trapline.latency;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/**
 * The values of one row, and how many spans have none: {@linkplain #interrupted() interrupted} ones were cut off by
 * something that skipped their end, {@linkplain #unfinished() unfinished} ones were open when the run ended.
 */
public final class Measured {

    /** Significant decimal digits of a value: below 262,144 every value is exact. */
    private static final int DIGITS = 5;

    /** Packed, because at that precision one for each of many probes would otherwise take megabytes each. */
    private final Histogram histogram = new PackedHistogram(DIGITS);

    private long open;
    private long interrupted;
    private long unfinished;

    Measured() {}

    void begin() {
        open++;
    }

    void end(long instructions) {
        open = Math.max(0, open - 1);
        if (instructions >= 0) {
            histogram.recordValue(instructions);
        }
    }

    /** A value of a span whose begin was not announced. */
    void record(long instructions) {
        if (instructions >= 0) {
            histogram.recordValue(instructions);
        }
    }

    void interrupt() {
        open = Math.max(0, open - 1);
        interrupted++;
    }

    /** It turned out to be none. */
    void drop() {
        open = Math.max(0, open - 1);
    }

    void lose() {
        interrupted += open;
        open = 0;
    }

    void finish() {
        unfinished += open;
        open = 0;
    }

    void add(Measured other) {
        histogram.add(other.histogram);
        interrupted += other.interrupted;
        unfinished += other.unfinished;
    }

    /** The values, in the unit of the table. */
    public Histogram histogram() {
        return histogram;
    }

    /** Spans that were cut off: by lost events, or because execution skipped their end. */
    public long interrupted() {
        return interrupted;
    }

    /** Spans that were open when the run ended. */
    public long unfinished() {
        return unfinished;
    }

    boolean isEmpty() {
        return histogram.getTotalCount() == 0 && interrupted == 0 && unfinished == 0;
    }
}
