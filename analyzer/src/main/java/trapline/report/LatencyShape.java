package trapline.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** What is drawn of histograms, in numbers: the same in SVG and in bitmaps. */
final class LatencyShape {

    /** Nines of the last percentile that is drawn, 99.9999 %. */
    private static final double NINES_MAX = 6;

    private LatencyShape() {}

    /** A point of a curve. */
    record Point(double x, double y) {}

    /**
     * The values by percentile, exactly: a level for each value, over nines (0 is 0 %, 1 is 90 %, 2 is 99 %). The last
     * level ends where one of all values is left, and is that of the maximum.
     */
    static List<Point> curve(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        double count = (double) histogram.getTotalCount();
        double end = nines(histogram);
        for (HistogramIterationValue value : histogram.recordedValues()) {
            double through = (double) value.getTotalCountToThisValue() / count;
            double before = through - (double) value.getCountAtValueIteratedTo() / count;
            double from = Math.min(end, -Math.log10(1 - before));
            double to = Math.min(end, -Math.log10(Math.max(1 / count, 1 - through)));
            double level = (double) Math.min(histogram.getMaxValue(), value.getValueIteratedTo());
            points.add(new Point(from, level));
            points.add(new Point(to, level));
        }
        return points;
    }

    /** How many nines a curve spans: as many as the number of values can tell. */
    static double nines(Histogram histogram) {
        return Math.min(NINES_MAX, Math.max(0.5, Math.log10((double) histogram.getTotalCount())));
    }

    /** How many nines an axis for some curves has. */
    static int ninesOfAxis(List<LatencyPlot.Series> series) {
        return (int) Math.max(
                1,
                Math.ceil(series.stream()
                        .mapToDouble(s -> nines(s.histogram()))
                        .max()
                        .orElse(1)));
    }

    /** The percentile at a number of nines, such as {@code 99.9 %}. */
    static String percentile(int nines) {
        return switch (nines) {
            case 0 -> "0 %";
            case 1 -> "90 %";
            case 2 -> "99 %";
            default -> nines < 0 ? "" : "99." + "9".repeat(nines - 2) + " %";
        };
    }

    /**
     * Histograms in ranges of equal width.
     *
     * @param min first value of the first range
     * @param width values in a range
     * @param shares share of its values that each histogram has in each range, in percent
     */
    record Ranges(long min, long width, List<double[]> shares) {

        int count() {
            return shares.get(0).length;
        }

        double largestShare() {
            double largest = 0;
            for (double[] ofSeries : shares) {
                for (double share : ofSeries) {
                    largest = Math.max(largest, share);
                }
            }
            return largest;
        }
    }

    /** Histograms, each with a value at least, in so many ranges at the most. */
    static Ranges ranges(List<LatencyPlot.Series> series, int most) {
        long min = Long.MAX_VALUE;
        long max = 0;
        for (LatencyPlot.Series s : series) {
            min = Math.min(min, s.histogram().getMinValue());
            max = Math.max(max, s.histogram().getMaxValue());
        }
        long width = Math.max(1, (max - min) / most + 1);
        int count = (int) ((max - min) / width + 1);
        List<double[]> shares = new ArrayList<>();
        for (LatencyPlot.Series s : series) {
            double[] ofSeries = new double[count];
            double all = (double) s.histogram().getTotalCount();
            for (HistogramIterationValue value : s.histogram().recordedValues()) {
                long from = Math.max(0, s.histogram().lowestEquivalentValue(value.getValueIteratedTo()) - min);
                ofSeries[(int) Math.min(count - 1, from / width)] +=
                        100 * (double) value.getCountAtValueIteratedTo() / all;
            }
            shares.add(ofSeries);
        }
        return new Ranges(min, width, shares);
    }

    /** The distance of round numbers so that some of them lie in a range. */
    static double tick(double range, int some) {
        double rough = Math.max(1e-9, range / some);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= rough) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
