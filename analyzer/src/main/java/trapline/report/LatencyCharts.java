package trapline.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.latency.LatencyFiles;
import trapline.latency.LatencyTable;
import trapline.latency.Measured;
import trapline.latency.SpanKey;

/** Plots of latencies as files of their own. */
public final class LatencyCharts {

    /** The colours of the page, without the page. */
    private static final Pattern ROOT =
            Pattern.compile(":root \\{[^}]*}|@media \\(prefers-color-scheme: dark\\) \\{.*?\\n}", Pattern.DOTALL);

    private LatencyCharts() {}

    /** A row that has values, in one table or in both. */
    private record Row(SpanKey key, List<LatencyPlot.Series> series) {}

    private static List<Row> rows(LatencyTable table, @Nullable LatencyTable after) {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<SpanKey, Measured> entry : table.rows().entrySet()) {
            List<LatencyPlot.Series> series = new ArrayList<>();
            add(series, after == null ? entry.getKey().name() : "A", entry.getValue());
            if (after != null) {
                add(series, "B", after.rows().get(entry.getKey()));
            }
            if (!series.isEmpty()) {
                rows.add(new Row(entry.getKey(), series));
            }
        }
        return rows;
    }

    private static void add(List<LatencyPlot.Series> series, String name, @Nullable Measured measured) {
        if (measured != null && measured.histogram().getTotalCount() > 0) {
            series.add(new LatencyPlot.Series(name, measured.histogram()));
        }
    }

    /**
     * Writes {@code SPAN.percentiles.svg} and {@code SPAN.distribution.svg} for each row; colours follow the reader's
     * light or dark mode.
     *
     * @param directory created if needed
     * @param table the rows
     * @param after the same rows of another run, drawn beside the first
     * @throws IOException if a file cannot be written
     */
    public static void svg(Path directory, LatencyTable table, @Nullable LatencyTable after) throws IOException {
        Files.createDirectories(directory);
        for (Row row : rows(table, after)) {
            String name = LatencyFiles.fileName(row.key());
            String title = row.key().name() + ": " + row.key().description();
            Files.writeString(
                    directory.resolve(name + ".percentiles.svg"),
                    standalone(LatencyPlot.percentiles(title, table.unit(), row.series())));
            Files.writeString(
                    directory.resolve(name + ".distribution.svg"),
                    standalone(LatencyPlot.distribution(title, table.unit(), row.series(), LatencyPlot.Size.LARGE)));
        }
    }

    private static String standalone(String svg) {
        String css = Resources.text("report.css");
        StringBuilder style = new StringBuilder();
        Matcher colours = ROOT.matcher(css);
        while (colours.find()) {
            style.append(colours.group()).append('\n');
        }
        css.lines()
                .filter(line -> line.matches("\\.(plot-|axis|grid|bar|curve).*"))
                .forEach(line -> style.append(line).append('\n'));
        style.append("svg { background: var(--panel); }\n");
        int end = svg.indexOf('>') + 1;
        return svg.substring(0, end)
                        .replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"920\" height=\"300\" ")
                + "<style>" + style
                + "</style>" + svg.substring(end) + "\n";
    }

    /**
     * Writes the same plots as bitmaps, {@code SPAN.percentiles.png} and {@code SPAN.distribution.png}, on white.
     *
     * @param directory created if needed
     * @param table the rows
     * @param after the same rows of another run, drawn beside the first
     * @throws IOException if a file cannot be written
     */
    public static void png(Path directory, LatencyTable table, @Nullable LatencyTable after) throws IOException {
        Files.createDirectories(directory);
        for (Row row : rows(table, after)) {
            String name = LatencyFiles.fileName(row.key());
            String title = row.key().name() + ": " + row.key().description();
            LatencyBitmap.percentiles(directory.resolve(name + ".percentiles.png"), title, table.unit(), row.series());
            LatencyBitmap.distribution(
                    directory.resolve(name + ".distribution.png"), title, table.unit(), row.series());
        }
    }
}
