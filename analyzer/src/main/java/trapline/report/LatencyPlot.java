package trapline.report;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Histograms as SVG whose colours come from the page's style, so that they follow light, dark and print. */
final class LatencyPlot {

    private static final int BARS = 24;
    private static final int LEFT = 8;
    private static final int TOP = 26;

    private LatencyPlot() {}

    /** A histogram and its name in the legend. */
    record Series(String name, Histogram histogram) {}

    /** How often values occurred: bars for each of at most two series over the same scale. */
    static String distribution(String title, List<Series> series) {
        int width = 300;
        int height = 150;
        int bottom = height - 22;
        long min = series.stream()
                .mapToLong(s -> s.histogram().getMinValue())
                .min()
                .orElse(0);
        long max = series.stream()
                .mapToLong(s -> s.histogram().getMaxValue())
                .max()
                .orElse(0);
        long step = Math.max(1, (max - min) / BARS + 1);
        int bars = (int) ((max - min) / step + 1);
        double slot = (double) (width - 2 * LEFT) / bars;
        StringBuilder out = head(width, height, title, series);
        for (int i = 0; i < series.size(); i++) {
            Histogram histogram = series.get(i).histogram();
            long[] counts = counts(histogram, min, step, bars);
            long most = 1;
            for (long count : counts) {
                most = Math.max(most, count);
            }
            double bar = Math.max(1, Math.min(slot - 1, 40) / series.size());
            for (int b = 0; b < bars; b++) {
                if (counts[b] > 0) {
                    double high = Math.max(1.5, (bottom - TOP - 14) * (double) counts[b] / most);
                    double x = LEFT + b * slot + (slot - bar * series.size()) / 2 + i * bar;
                    out.append(String.format(
                            Locale.ROOT,
                            "<rect class=\"bar s%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s%s: %s</title></rect>",
                            i,
                            x,
                            bottom - high,
                            bar,
                            high,
                            prefix(series.get(i).name()),
                            range(min + b * step, step),
                            Html.count(counts[b], "time", "times")));
                }
            }
        }
        axis(out, width, bottom, Html.count(min), Html.count(max) + " instructions");
        return out.append("</svg>").toString();
    }

    private static String prefix(String name) {
        return name.isEmpty() ? "" : Html.escape(name) + ", ";
    }

    private static String range(long from, long step) {
        return step == 1 ? Html.count(from) : Html.count(from) + " to " + Html.count(from + step - 1);
    }

    private static long[] counts(Histogram histogram, long min, long step, int bars) {
        long[] counts = new long[bars];
        for (HistogramIterationValue value : histogram.recordedValues()) {
            long from = Math.max(0, histogram.lowestEquivalentValue(value.getValueIteratedTo()) - min);
            counts[(int) Math.min(bars - 1, from / step)] += value.getCountAtValueIteratedTo();
        }
        return counts;
    }

    private static StringBuilder head(int width, int height, String title, List<Series> series) {
        StringBuilder counts = new StringBuilder();
        for (Series s : series) {
            counts.append(counts.length() == 0 ? "" : " · ")
                    .append(s.name().isEmpty() ? "" : Html.escape(s.name()) + " ");
            counts.append("n=").append(Html.count(s.histogram().getTotalCount()));
        }
        StringBuilder out = new StringBuilder(
                String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" class=\"plot\">", width, height));
        out.append("<title>").append(Html.escape(title)).append(", distribution; the table has the numbers</title>");
        text(out, "plot-title", LEFT, 15, "start", Html.escape(title));
        text(out, "plot-note", width - LEFT, 15, "end", counts.toString());
        return out;
    }

    private static void axis(StringBuilder out, int width, int bottom, String from, String to) {
        line(out, "axis", LEFT, bottom, width - LEFT, bottom);
        text(out, "plot-note", LEFT, bottom + 15, "start", from);
        text(out, "plot-note", width - LEFT, bottom + 15, "end", to);
    }

    /** Values by percentile; the scale is that of HdrHistogram's plots: each nine takes the same room. */
    static String percentiles(String title, List<Series> series) {
        int width = 920;
        int height = 300;
        int bottom = height - 40;
        int left = 64;
        int right = width - 190;
        long most = series.stream()
                .mapToLong(s -> s.histogram().getTotalCount())
                .max()
                .orElse(1);
        double nines = Math.max(1, Math.min(6, Math.ceil(Math.log10((double) Math.max(10, most)))));
        long max = series.stream()
                .mapToLong(s -> s.histogram().getMaxValue())
                .max()
                .orElse(1);
        StringBuilder out = new StringBuilder(
                String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" class=\"plot\">", width, height));
        out.append("<title>").append(Html.escape(title)).append("; the table has the numbers</title>");
        text(out, "plot-title", LEFT, 15, "start", Html.escape(title) + ", retired instructions");
        for (int i = 0; i <= 4; i++) {
            double y = bottom - (bottom - TOP - 10) * i / 4.0;
            line(out, "grid", left, y, right, y);
            text(out, "plot-note", left - 6, y + 4, "end", Html.count(Math.round(max * i / 4.0)));
        }
        for (int nine = 0; nine <= nines; nine++) {
            double x = left + (right - left) * nine / nines;
            line(out, "grid", x, TOP, x, bottom);
            text(
                    out,
                    "plot-note",
                    x,
                    bottom + 16,
                    "middle",
                    nine == 0
                            ? "0 %"
                            : nine == 1 ? "90 %" : "99" + (nine == 2 ? "" : "." + "9".repeat(nine - 2)) + " %");
        }
        text(out, "plot-note", (left + right) / 2.0, bottom + 33, "middle", "percentile");
        for (int i = 0; i < series.size(); i++) {
            curve(out, series.get(i).histogram(), i, nines, max, left, right, bottom);
            double y = TOP + 14 + i * 18;
            line(out, "curve s" + i, right + 14, y - 4, right + 34, y - 4);
            text(
                    out,
                    "plot-note",
                    right + 40,
                    y,
                    "start",
                    Html.escape(series.get(i).name()) + " n="
                            + Html.count(series.get(i).histogram().getTotalCount()));
        }
        return out.append("</svg>").toString();
    }

    private static void curve(
            StringBuilder out, Histogram h, int index, double nines, long max, int left, int right, int bottom) {
        out.append("<polyline class=\"curve s").append(index).append("\" points=\"");
        int points = 120;
        double top = Math.min(nines, Math.max(0.5, Math.log10((double) h.getTotalCount())));
        for (int i = 0; i <= points; i++) {
            double nine = top * i / points;
            double percentile = 100 * (1 - Math.pow(10, -nine));
            double y = bottom - (bottom - TOP - 10) * (double) h.getValueAtPercentile(percentile) / Math.max(1, max);
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", left + (right - left) * nine / nines, y));
        }
        out.append("\"/>");
    }

    private static void line(StringBuilder out, String type, double x1, double y1, double x2, double y2) {
        out.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                type,
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder out, String type, double x, double y, String anchor, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                type,
                x,
                y,
                anchor,
                text));
    }
}
