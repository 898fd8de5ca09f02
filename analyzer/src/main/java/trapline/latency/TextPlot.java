package trapline.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Percentile table and bar chart of histograms as text. */
public final class TextPlot {

    private static final String BLOCKS = " ▏▎▍▌▋▊▉";
    private static final int BARS_MAX = 12;
    private static final int LABEL_COLUMNS = 19;

    private final int columns;
    private final boolean ascii;

    /**
     * A plotter.
     *
     * @param columns width to keep to
     * @param ascii whether to do without block characters
     */
    public TextPlot(int columns, boolean ascii) {
        this.columns = columns;
        this.ascii = ascii;
    }

    /** A row of a bar chart: values from one number to another, both included. */
    public record Bar(long from, long to, long count) {}

    /** The head line of the table. */
    public String tableHead() {
        return String.format(
                Locale.ROOT, "%-20s%9s%7s%8s%7s%7s%7s%8s", "span", "count", "min", "p50", "p90", "p99", "p99.9", "max");
    }

    /** The line of a span in the table. */
    public String tableLine(Span span, Histogram histogram) {
        return String.format(
                Locale.ROOT,
                "%-20s%9d%7d%8d%7d%7d%7d%8d",
                span.label(),
                histogram.getTotalCount(),
                histogram.getMinValue(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    /**
     * The values in at most twelve ranges of equal width, empty ones at the ends left out.
     *
     * @param histogram with at least one value
     */
    public static List<Bar> bars(Histogram histogram) {
        long min = histogram.getMinValue();
        long width = Math.max(1, (histogram.getMaxValue() - min) / BARS_MAX + 1);
        long[] counts = new long[BARS_MAX];
        for (HistogramIterationValue value : histogram.recordedValues()) {
            long at = Math.max(0, histogram.lowestEquivalentValue(value.getValueIteratedTo()) - min) / width;
            counts[(int) Math.min(BARS_MAX - 1, at)] += value.getCountAtValueIteratedTo();
        }
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < BARS_MAX && min + i * width <= histogram.getMaxValue(); i++) {
            bars.add(new Bar(min + i * width, min + (i + 1) * width - 1, counts[i]));
        }
        return bars;
    }

    /** The bar chart of a histogram, one line for each range. */
    public List<String> chart(Histogram histogram) {
        List<Bar> bars = bars(histogram);
        long most = bars.stream().mapToLong(Bar::count).max().orElse(1);
        int room = Math.max(8, columns - LABEL_COLUMNS - 12);
        List<String> lines = new ArrayList<>();
        for (Bar bar : bars) {
            String range = bar.from() == bar.to() ? "" + bar.from() : bar.from() + "-" + bar.to();
            lines.add(String.format(Locale.ROOT, "%" + (LABEL_COLUMNS - 2) + "s ", range)
                    + bar(bar.count(), most, room)
                    + String.format(Locale.ROOT, " %d", bar.count()));
        }
        return lines;
    }

    private String bar(long count, long most, int room) {
        long eighths = count == 0 ? 0 : Math.max(1, Math.round(8.0 * room * count / most));
        int whole = (int) (eighths / 8);
        int part = (int) (eighths % 8);
        if (ascii) {
            return "|" + "#".repeat(whole + (part >= 4 || (whole == 0 && count > 0) ? 1 : 0));
        }
        return "▕" + "█".repeat(whole) + (part == 0 ? "" : "" + BLOCKS.charAt(part));
    }
}
