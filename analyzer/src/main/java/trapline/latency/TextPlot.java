package trapline.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Percentile table and bar chart of histograms as text. */
public final class TextPlot {

    private static final String BLOCKS = " ▏▎▍▌▋▊▉";
    private static final int BARS_MAX = 12;
    private static final int LABEL_COLUMNS = 19;
    private static final int NAME_COLUMNS = 22;
    private static final int NUMBER_COLUMNS = 8;

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

    /** The table: its head line, then a line for each row, with what has no value behind it. */
    public List<String> table(Map<SpanKey, Measured> rows) {
        int name = NAME_COLUMNS;
        int number = NUMBER_COLUMNS;
        for (Map.Entry<SpanKey, Measured> row : rows.entrySet()) {
            Histogram histogram = row.getValue().histogram();
            long largest = Math.max(histogram.getTotalCount(), histogram.getMaxValue());
            name = Math.max(name, row.getKey().name().length() + 1);
            number = Math.max(number, Long.toString(largest).length() + 1);
        }
        String nameForm = "%-" + name + "s";
        String numberForm = "%" + number + "s";
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder(String.format(nameForm, "span") + String.format(numberForm, "count"));
        Percentile.ALL.forEach(percentile -> head.append(String.format(numberForm, percentile.name())));
        lines.add(head.toString());
        rows.forEach((key, measured) -> lines.add(String.format(nameForm, key.name()) + numbers(measured, numberForm)));
        return lines;
    }

    private static String numbers(Measured measured, String form) {
        Histogram histogram = measured.histogram();
        StringBuilder out = new StringBuilder(String.format(form, histogram.getTotalCount()));
        for (Percentile percentile : Percentile.ALL) {
            out.append(String.format(form, histogram.getTotalCount() == 0 ? "-" : percentile.in(histogram)));
        }
        out.append(measured.interrupted() == 0 ? "" : "  " + measured.interrupted() + " interrupted");
        return out.append(measured.unfinished() == 0 ? "" : "  " + measured.unfinished() + " unfinished")
                .toString();
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
