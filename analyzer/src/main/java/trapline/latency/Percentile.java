package trapline.latency;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * A number of a distribution that tables show and comparisons judge.
 *
 * @param name such as {@code p99}, {@code max}
 * @param percent 0 to 100; 0 is the smallest value, 100 the largest
 */
public record Percentile(String name, double percent) {

    /** Those of all tables, ascending. */
    public static final List<Percentile> ALL = List.of(
            new Percentile("min", 0),
            new Percentile("p50", 50),
            new Percentile("p90", 90),
            new Percentile("p99", 99),
            new Percentile("p99.9", 99.9),
            new Percentile("max", 100));

    /**
     * The smallest value that is at least as large as the given share of the values.
     *
     * @param histogram with at least one value
     */
    public long in(Histogram histogram) {
        if (percent == 0) {
            return histogram.getMinValue();
        }
        return percent == 100 ? histogram.getMaxValue() : histogram.getValueAtPercentile(percent);
    }

    /**
     * The percentile of a name.
     *
     * @param name {@code min}, {@code max}, or {@code p} and a number from 0 to 100
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Percentile of(String name) {
        for (Percentile known : ALL) {
            if (known.name.equals(name)) {
                return known;
            }
        }
        if (name.matches("p[0-9]{1,2}(\\.[0-9]{1,6})?")) {
            return new Percentile(name.toLowerCase(Locale.ROOT), Double.parseDouble(name.substring(1)));
        }
        throw new IllegalArgumentException("'" + name + "' is no percentile: min, p50, p99.9, max");
    }
}
