package trapline.report;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import trapline.latency.Unit;
import trapline.report.LatencyShape.Point;
import trapline.report.LatencyShape.Ranges;

/** Histograms as SVG whose colours come from the page's style, so that they follow light, dark and print. */
final class LatencyPlot {

    /** Bars of a distribution on the page. */
    static final int BARS = 24;

    private static final int LEFT = 8;
    private static final int TOP = 26;

    private LatencyPlot() {}

    /** A histogram and its name in the legend. */
    record Series(String name, Histogram histogram) {}

    /** The size of a plot in its own pixels. */
    record Size(int width, int height) {
        /** One of several on the page. */
        static final Size SMALL = new Size(300, 150);

        /** Alone. */
        static final Size LARGE = new Size(920, 300);
    }

    /** Which share of the values lies where: bars for each of a few series over the same scales. */
    static String distribution(String title, Unit unit, List<Series> series, Size size) {
        boolean large = size.equals(Size.LARGE);
        int bottom = size.height() - (large ? 38 : 22);
        int left = LEFT + 30;
        int right = size.width() - LEFT;
        Ranges ranges = LatencyShape.ranges(series, large ? 2 * BARS : BARS);
        double most = ranges.largestShare();
        double scale = (bottom - TOP - 10) / most;
        StringBuilder out = head(size, title + ", distribution; the table has the numbers");
        text(out, "plot-title", LEFT, 15, "start", Html.escape(title));
        text(out, "plot-note", right, 15, "end", counts(series));
        double tick = LatencyShape.tick(most, large ? 4 : 2);
        for (double share = tick; share <= most * 1.001; share += tick) {
            line(out, "grid", left, bottom - share * scale, right, bottom - share * scale);
            text(out, "plot-note", left - 5, bottom - share * scale + 4, "end", number(share) + " %");
        }
        double slot = (double) (right - left) / ranges.count();
        for (int i = 0; i < series.size(); i++) {
            bars(out, ranges, i, series.get(i), new double[] {left, slot, bottom, scale});
        }
        line(out, "axis", left, bottom, right, bottom);
        axis(out, ranges, unit, left, right, bottom, large);
        return out.append("</svg>").toString();
    }

    private static void bars(StringBuilder out, Ranges ranges, int index, Series series, double[] place) {
        double[] shares = ranges.shares().get(index);
        double slot = place[1];
        int all = ranges.shares().size();
        double bar = Math.max(1, Math.min(slot - 1, 40) / all);
        for (int b = 0; b < shares.length; b++) {
            if (shares[b] > 0) {
                double high = Math.max(1.5, shares[b] * place[3]);
                double x = place[0] + b * slot + (slot - bar * all) / 2 + index * bar;
                out.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"bar s%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                                + "<title>%s%s: %s %%</title></rect>",
                        index,
                        x,
                        place[2] - high,
                        bar,
                        high,
                        series.name().isEmpty() ? "" : Html.escape(series.name()) + ", ",
                        range(ranges.min() + b * ranges.width(), ranges.width()),
                        number(shares[b])));
            }
        }
    }

    private static void axis(
            StringBuilder out, Ranges ranges, Unit unit, int left, int right, int bottom, boolean large) {
        long max = ranges.min() + ranges.count() * ranges.width() - 1;
        text(out, "plot-note", left, bottom + 15, "start", Html.count(ranges.min()));
        String last = Html.count(max);
        if (large) {
            text(out, "plot-note", right, bottom + 15, "end", last);
            text(out, "plot-note", (left + right) / 2.0, bottom + 32, "middle", Html.escape(unit.name()));
        } else {
            text(out, "plot-note", right, bottom + 15, "end", last + " " + Html.escape(unit.symbol()));
        }
    }

    private static String number(double number) {
        return number >= 10 || number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.2g", number);
    }

    private static String range(long from, long width) {
        return width == 1 ? Html.count(from) : Html.count(from) + " to " + Html.count(from + width - 1);
    }

    private static String counts(List<Series> series) {
        StringBuilder counts = new StringBuilder();
        for (Series s : series) {
            counts.append(counts.isEmpty() ? "" : " · ").append(s.name().isEmpty() ? "" : Html.escape(s.name()) + " ");
            counts.append("n=").append(Html.count(s.histogram().getTotalCount()));
        }
        return counts.toString();
    }

    private static StringBuilder head(Size size, String title) {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" class=\"plot\">", size.width(), size.height()));
        return out.append("<title>").append(Html.escape(title)).append("</title>");
    }

    /** Values by percentile; the scale is that of HdrHistogram's plots: each nine takes the same room. */
    static String percentiles(String title, Unit unit, List<Series> series) {
        Size size = Size.LARGE;
        int bottom = size.height() - 40;
        int left = 64;
        int right = size.width() - 190;
        int nines = LatencyShape.ninesOfAxis(series);
        double max = (double) series.stream()
                .mapToLong(s -> s.histogram().getMaxValue())
                .max()
                .orElse(1);
        double scale = (bottom - TOP - 14) / Math.max(1, max);
        StringBuilder out = head(size, title + "; the table has the numbers");
        text(out, "plot-title", LEFT, 15, "start", Html.escape(title + ", " + unit.name()));
        double tick = Math.max(1, LatencyShape.tick(max, 5));
        for (double value = 0; value <= max; value += tick) {
            line(out, "grid", left, bottom - value * scale, right, bottom - value * scale);
            text(out, "plot-note", left - 6, bottom - value * scale + 4, "end", Html.count(Math.round(value)));
        }
        for (int nine = 0; nine <= nines; nine++) {
            double x = left + (double) (right - left) * nine / nines;
            line(out, "grid", x, TOP, x, bottom);
            text(out, "plot-note", x, bottom + 16, "middle", LatencyShape.percentile(nine));
        }
        text(out, "plot-note", (left + right) / 2.0, bottom + 33, "middle", "percentile");
        for (int i = 0; i < series.size(); i++) {
            curve(out, series.get(i).histogram(), i, left, (double) (right - left) / nines, bottom, scale);
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
            StringBuilder out, Histogram histogram, int index, int left, double nine, int bottom, double scale) {
        out.append("<polyline class=\"curve s").append(index).append("\" points=\"");
        String last = "";
        for (Point point : LatencyShape.curve(histogram)) {
            String text = String.format(Locale.ROOT, "%.1f,%.1f ", left + point.x() * nine, bottom - point.y() * scale);
            out.append(text.equals(last) ? "" : text); // more values than pixels
            last = text;
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
