package trapline.latency;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.PackedHistogram;

/**
 * The values of one row, and how many spans have none: {@linkplain #interrupted() interrupted} ones were cut off by
 * something that skipped their end, {@linkplain #unfinished() unfinished} ones were open when the run ended.
 */
public final class Measured {

    /** Significant decimal digits of a value: below 262,144 every value is exact. */
    private static final int DIGITS = 5;

    /** Values below this are counted in an array first: most are, and a histogram takes its time for each. */
    private static final int SMALL_MAX = 1 << 11;

    /** Packed, because at that precision one for each of many probes would otherwise take megabytes each. */
    private final Histogram histogram = new PackedHistogram(DIGITS);

    /** How often each small value has come since {@link #settle()}; grows with the values. */
    private long[] small = new long[1 << 6];

    private long open;
    private long interrupted;
    private long unfinished;

    Measured() {}

    void begin() {
        open++;
    }

    void end(long instructions) {
        open = Math.max(0, open - 1);
        record(instructions);
    }

    /** A value of a span whose begin was not announced. */
    void record(long instructions) {
        if (instructions >= 0 && instructions < small.length) {
            small[(int) instructions]++;
        } else if (instructions >= SMALL_MAX) {
            histogram.recordValue(instructions);
        } else if (instructions >= 0) {
            small = Arrays.copyOf(small, Integer.highestOneBit((int) instructions) << 1);
            small[(int) instructions]++;
        }
    }

    /** Hands the small values over to the histogram. */
    private void settle() {
        for (int value = 0; value < small.length; value++) {
            if (small[value] != 0) {
                histogram.recordValueWithCount(value, small[value]);
                small[value] = 0;
            }
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

    /** Takes over the values of another, each so many times; it is not used any more. */
    void add(Measured other, long times) {
        small = Arrays.copyOf(small, Math.max(small.length, other.small.length));
        for (int value = 0; value < other.small.length; value++) {
            small[value] += other.small[value] * times;
        }
        if (other.histogram.getTotalCount() > 0) { // it takes its time even if there is nothing to add
            addLarge(other.histogram, times);
        }
        open += other.open * times;
        interrupted += other.interrupted * times;
        unfinished += other.unfinished * times;
    }

    private void addLarge(Histogram other, long times) {
        if (times == 1) {
            histogram.add(other);
            return;
        }
        for (HistogramIterationValue each : other.recordedValues()) {
            histogram.recordValueWithCount(each.getValueIteratedTo(), each.getCountAtValueIteratedTo() * times);
        }
    }

    /** The values, in the unit of the table. */
    public Histogram histogram() {
        settle();
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
        return histogram().getTotalCount() == 0 && interrupted == 0 && unfinished == 0;
    }
}
