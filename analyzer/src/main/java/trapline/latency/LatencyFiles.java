package trapline.latency;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import trapline.events.Visible;

/** Tables of latencies as files that other tools read. */
public final class LatencyFiles {

    private static final double UNIT = 1.0;

    /** What a spreadsheet would compute. */
    private static final Pattern FORMULA = Pattern.compile("[=+@-]");

    private LatencyFiles() {}

    /**
     * Writes each row's percentile distribution as {@code SPAN.hgrm}, in the text form of HdrHistogram.
     *
     * @param directory created if needed
     * @param table the rows
     * @throws IOException if a file cannot be written
     */
    public static void hgrm(Path directory, LatencyTable table) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<SpanKey, Measured> row : table.rows().entrySet()) {
            Path file = directory.resolve(fileName(row.getKey()) + ".hgrm");
            try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
                row.getValue().histogram().outputPercentileDistribution(out, UNIT);
                failed(out, file);
            }
        }
    }

    /**
     * Writes all rows into one interval log {@code latency.hlog}, each with its name as tag, and the first once more
     * without one: what is asked for no tag reads that. There is no time of day in it: the interval is the run.
     *
     * @param directory created if needed
     * @param table the rows
     * @throws IOException if the file cannot be written
     */
    public static void hlog(Path directory, LatencyTable table) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("latency.hlog");
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputComment("[Values are " + table.unit().name() + " of the CPU that the span ran on]");
            writer.outputLogFormatVersion();
            writer.outputLegend();
            boolean first = true;
            for (Map.Entry<SpanKey, Measured> row : table.rows().entrySet()) {
                Histogram histogram = row.getValue().histogram().copy();
                if (first) {
                    writer.outputComment("[Without a tag: " + fileName(row.getKey()) + "]");
                    writer.outputIntervalHistogram(0.0, 1.0, histogram, UNIT);
                    first = false;
                }
                histogram.setTag(fileName(row.getKey()));
                writer.outputIntervalHistogram(0.0, 1.0, histogram, UNIT);
            }
            failed(out, file);
        }
    }

    /**
     * Writes {@code latency.csv}: a line for each row.
     *
     * @param directory created if needed
     * @param table the rows
     * @throws IOException if the file cannot be written
     */
    public static void csv(Path directory, LatencyTable table) throws IOException {
        Files.createDirectories(directory);
        StringBuilder out = new StringBuilder("span,group,unit,count,interrupted,unfinished,mean");
        Percentile.ALL.forEach(percentile -> out.append(',').append(percentile.name()));
        out.append("\r\n");
        table.rows().forEach((key, measured) -> {
            Histogram histogram = measured.histogram();
            out.append(quoted(key.span()))
                    .append(',')
                    .append(quoted(key.group()))
                    .append(',');
            out.append(quoted(table.unit().name())).append(',');
            out.append(histogram.getTotalCount()).append(',').append(measured.interrupted());
            out.append(',').append(measured.unfinished());
            out.append(String.format(Locale.ROOT, ",%.3f", histogram.getMean()));
            Percentile.ALL.forEach(percentile -> out.append(',')
                    .append(histogram.getTotalCount() == 0 ? "" : Long.toString(percentile.in(histogram))));
            out.append("\r\n");
        });
        Files.writeString(directory.resolve("latency.csv"), out);
    }

    private static String quoted(String cell) {
        String shown = Visible.line(cell);
        String text = FORMULA.matcher(shown).lookingAt() ? "'" + shown : shown;
        return text.matches("[^,\"]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A name for a file or a tag: the row's, without what a path or a log line cannot have. */
    public static String fileName(SpanKey key) {
        return key.name().replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private static void failed(PrintStream out, Path file) throws IOException {
        if (out.checkError()) {
            throw new IOException(file + ": cannot be written");
        }
    }
}
