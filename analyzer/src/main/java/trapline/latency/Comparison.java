package trapline.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One number of one row in two tables.
 *
 * @param key the row
 * @param percentile which number
 * @param before its value in the first table
 * @param after its value in the second
 */
public record Comparison(SpanKey key, Percentile percentile, long before, long after) {

    /** All numbers of the rows that have values in both tables. */
    public static List<Comparison> of(LatencyTable before, LatencyTable after) {
        List<Comparison> all = new ArrayList<>();
        Map<SpanKey, Measured> others = after.rows();
        before.rows().forEach((key, measured) -> {
            Measured other = others.get(key);
            if (other != null
                    && measured.histogram().getTotalCount() > 0
                    && other.histogram().getTotalCount() > 0) {
                for (Percentile percentile : Percentile.ALL) {
                    all.add(new Comparison(
                            key, percentile, percentile.in(measured.histogram()), percentile.in(other.histogram())));
                }
            }
        });
        return all;
    }

    /** By how much the second value is larger. */
    public long shift() {
        return after - before;
    }

    /** The same in percent of the first value; infinite if that is 0 and the second is not. */
    public double shiftPercent() {
        return before == after ? 0 : 100.0 * (after - before) / before;
    }
}
