package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.latency.LatencyFiles;
import trapline.latency.LatencyTable;
import trapline.report.LatencyCharts;

/** The files that {@code latency} writes on request. Of a comparison, tables are of the second run, plots of both. */
final class LatencyOutputs {

    @Option(names = "--hgrm", paramLabel = "DIR", description = "Write each span's percentile distribution there.")
    private @Nullable Path hgrm;

    @Option(names = "--hlog", paramLabel = "DIR", description = "Write an interval log there, spans as tags.")
    private @Nullable Path hlog;

    @Option(names = "--csv", paramLabel = "DIR", description = "Write the table there as comma-separated values.")
    private @Nullable Path csv;

    @Option(names = "--svg", paramLabel = "DIR", description = "Write plots there that follow light and dark mode.")
    private @Nullable Path svg;

    @Option(names = "--png", paramLabel = "DIR", description = "Write plots there as bitmaps.")
    private @Nullable Path png;

    /** Those that are asked for; each is made if it does not exist. */
    List<Path> directories() {
        return Stream.of(hgrm, hlog, csv, svg, png).filter(Objects::nonNull).toList();
    }

    void write(LatencyTable table, @Nullable LatencyTable after) throws IOException {
        LatencyTable last = after == null ? table : after;
        if (hgrm != null) {
            LatencyFiles.hgrm(hgrm, last);
        }
        if (hlog != null) {
            LatencyFiles.hlog(hlog, last);
        }
        if (csv != null) {
            LatencyFiles.csv(csv, last);
        }
        if (svg != null) {
            LatencyCharts.svg(svg, table, after);
        }
        if (png != null) {
            LatencyCharts.png(png, table, after);
        }
    }
}
