package trapline.latency;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bound for the difference of two runs, such as {@code hit.p99 > +5%} or {@code step.max > 3}: exceeded if the second
 * run has more than that beyond the first.
 *
 * @param span name of the span
 * @param percentile which number of it
 * @param bound how much more is allowed
 * @param relative whether the bound is in percent of the first run's value, or in the unit of the tables
 */
public record Threshold(String span, Percentile percentile, double bound, boolean relative) {

    private static final Pattern FORM =
            Pattern.compile("\\s*([A-Za-z0-9-]+)\\.([a-z0-9.]+)\\s*>\\s*\\+?([0-9]+(?:\\.[0-9]+)?)\\s*(%?)\\s*");

    /**
     * Reads a bound.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Threshold parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not like 'hit.p99 > +5%' or 'step.max > 3'");
        }
        return new Threshold(
                m.group(1),
                Percentile.of(m.group(2)),
                Double.parseDouble(m.group(3)),
                !m.group(4).isEmpty());
    }

    /** Whether the second value is beyond the bound. */
    public boolean exceeded(long before, long after) {
        double more = (double) (after - before);
        return relative ? more * 100 > bound * before : more > bound;
    }
}
