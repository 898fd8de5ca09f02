package trapline.report;

import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of latencies as bitmaps, drawn by XChart: black on white, for print and for mails. */
final class LatencyBitmap {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;
    private static final int POINTS = 200;

    private LatencyBitmap() {}

    static void percentiles(Path file, String title, List<String> names, List<Histogram> histograms)
            throws IOException {
        XYChart chart = chart(title, "percentile", "retired instructions");
        for (int i = 0; i < histograms.size(); i++) {
            Histogram histogram = histograms.get(i);
            double top = Math.max(0.5, Math.log10((double) histogram.getTotalCount()));
            double[] x = new double[POINTS + 1];
            double[] y = new double[POINTS + 1];
            for (int p = 0; p <= POINTS; p++) {
                x[p] = top * p / POINTS;
                y[p] = histogram.getValueAtPercentile(100 * (1 - Math.pow(10, -x[p])));
            }
            chart.addSeries(legend(names.get(i), histogram), x, y).setMarker(SeriesMarkers.NONE);
        }
        long most =
                histograms.stream().mapToLong(Histogram::getTotalCount).max().orElse(1);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(Math.max(1, Math.ceil(Math.log10((double) most))));
        chart.setCustomXAxisTickLabelsFormatter(LatencyBitmap::percentileLabel);
        save(file, chart);
    }

    /** A label where a nine is complete: 0 %, 90 %, 99 %, 99.9 %. */
    private static String percentileLabel(double nines) {
        boolean complete = Math.abs(nines - Math.rint(nines)) < 1e-6;
        int digits = (int) Math.max(0, Math.rint(nines) - 2);
        return complete ? String.format(Locale.ROOT, "%." + digits + "f %%", 100 * (1 - Math.pow(10, -nines))) : "";
    }

    static void distribution(Path file, String title, List<String> names, List<Histogram> histograms)
            throws IOException {
        XYChart chart = chart(title, "retired instructions", "spans");
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
        for (int i = 0; i < histograms.size(); i++) {
            Histogram histogram = histograms.get(i);
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            point(x, y, histogram.getMinValue() - 1, 0);
            long next = histogram.getMinValue();
            for (HistogramIterationValue value : histogram.recordedValues()) {
                long from = histogram.lowestEquivalentValue(value.getValueIteratedTo());
                if (from > next) {
                    point(x, y, next, 0);
                }
                point(x, y, from, value.getCountAtValueIteratedTo());
                next = histogram.nextNonEquivalentValue(value.getValueIteratedTo());
            }
            point(x, y, next, 0);
            chart.addSeries(legend(names.get(i), histogram), x, y).setMarker(SeriesMarkers.NONE);
        }
        save(file, chart);
    }

    private static void point(List<Double> x, List<Double> y, long value, long count) {
        x.add((double) value);
        y.add((double) count);
    }

    private static String legend(String name, Histogram histogram) {
        return name + ", n=" + histogram.getTotalCount();
    }

    private static XYChart chart(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static void save(Path file, Chart<?, ?> chart) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out);
        }
    }
}
