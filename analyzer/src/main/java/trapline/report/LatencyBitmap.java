package trapline.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import trapline.latency.Unit;
import trapline.report.LatencyShape.Point;
import trapline.report.LatencyShape.Ranges;

/** Plots of latencies as bitmaps, drawn by XChart: on white, for print and for mails. */
final class LatencyBitmap {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;
    private static final int RANGES = 48;

    /** Part of an axis that lies beyond its first and last label, which XChart would leave out at the very edge. */
    private static final double EDGE = 0.01;

    /** The page's colours of series in light mode: apart in grey too. */
    private static final Color[] COLOURS = {
        new Color(0x0b5cad), new Color(0xc25e00), new Color(0x1b7f4d), new Color(0x8a3fb0), new Color(0xa8324a)
    };

    private LatencyBitmap() {}

    static void percentiles(Path file, String title, Unit unit, List<LatencyPlot.Series> series) throws IOException {
        XYChart chart = chart(title, "percentile", unit.name());
        double max = 1;
        for (LatencyPlot.Series s : series) {
            List<Point> curve = LatencyShape.curve(s.histogram());
            add(chart, s, curve).setLineStyle(new BasicStroke(2.5f));
            max = Math.max(max, (double) s.histogram().getMaxValue());
        }
        chart.getStyler().setXAxisMin(0.0).setXAxisMax((double) LatencyShape.ninesOfAxis(series));
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(max * (1 + 4 * EDGE));
        chart.getStyler().setPlotContentSize(1 - 4 * EDGE);
        chart.setCustomXAxisTickLabelsFormatter(LatencyBitmap::percentileLabel);
        save(file, chart);
    }

    /** A label where a nine is complete. */
    private static String percentileLabel(double nines) {
        boolean complete = Math.abs(nines - Math.rint(nines)) < 1e-6;
        return complete ? LatencyShape.percentile((int) Math.rint(nines)) : "";
    }

    static void distribution(Path file, String title, Unit unit, List<LatencyPlot.Series> series) throws IOException {
        XYChart chart = chart(title, unit.name(), "share of the spans, %");
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        Ranges ranges = LatencyShape.ranges(series, RANGES);
        for (int i = 0; i < series.size(); i++) {
            List<Point> outline = outline(ranges, ranges.shares().get(i));
            Color colour = COLOURS[i % COLOURS.length];
            Color pale = new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 110);
            add(chart, series.get(i), outline)
                    .setLineStyle(new BasicStroke(1.5f))
                    .setFillColor(pale);
        }
        double first = (double) ranges.min();
        double end = first + (double) (ranges.count() * ranges.width());
        double tick = LatencyShape.tick(end - first, 8);
        double most = ranges.largestShare();
        chart.getStyler()
                .setXAxisMin(Math.floor(first / tick) * tick - tick / 100)
                .setXAxisMax(Math.ceil(end / tick) * tick + tick / 100)
                .setYAxisMin(-most * EDGE)
                .setYAxisMax(most * (1 + 4 * EDGE));
        save(file, chart);
    }

    private static List<Point> outline(Ranges ranges, double[] shares) {
        List<Point> outline = new ArrayList<>();
        for (int b = 0; b < shares.length; b++) {
            double from = (double) (ranges.min() + b * ranges.width());
            double to = from + (double) ranges.width();
            outline.add(new Point(from, 0));
            outline.add(new Point(from, shares[b]));
            outline.add(new Point(to, shares[b]));
            outline.add(new Point(to, 0));
        }
        return outline;
    }

    private static XYSeries add(XYChart chart, LatencyPlot.Series series, List<Point> points) {
        String name = series.name() + ", n=" + series.histogram().getTotalCount();
        XYSeries added = chart.addSeries(
                name,
                points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray());
        added.setMarker(SeriesMarkers.NONE);
        return added;
    }

    private static XYChart chart(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        Color faint = new Color(0xd5dae1);
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15))
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18))
                .setChartBackgroundColor(Color.WHITE)
                .setSeriesColors(COLOURS);
        chart.getStyler()
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14))
                .setPlotGridLinesColor(faint)
                .setPlotGridLinesStroke(new BasicStroke(1f));
        chart.getStyler().setPlotContentSize(1.0).setPlotBorderVisible(false);
        return chart;
    }

    private static void save(Path file, XYChart chart) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out);
        }
    }
}
