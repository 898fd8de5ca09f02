package trapline.analyze;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.latency.Latencies;
import trapline.latency.Span;
import trapline.latency.TextPlot;
import trapline.replay.Replay;

/** {@code latency}: how many instructions things take. */
@Command(
        name = "latency",
        description = "Measures spans (traps, hits, steps, handlers) in retired instructions: percentiles and plots.")
final class LatencyCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Journals; their values are taken together.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--span", paramLabel = "SPAN", split = ",", description = "These spans only, such as hit-stepped.")
    private List<String> spans = new ArrayList<>();

    @Option(names = "--ascii", description = "Draw bars without block characters.")
    private boolean ascii;

    @Option(names = "--hgrm", paramLabel = "DIR", description = "Write each span's percentile distribution there.")
    private @Nullable Path hgrm;

    record Row(
            String span,
            String description,
            long count,
            long min,
            double mean,
            long p50,
            long p90,
            long p99,
            long p999,
            long max,
            List<TextPlot.Bar> bars) {}

    record Document(String unit, List<Row> spans) {}

    @Override
    protected ExitCode execute() throws IOException {
        for (String span : spans) {
            if (!List.of(Span.values()).stream().map(Span::label).toList().contains(span)) {
                throw new UserError(ExitCode.USAGE, "--span: there is no span '" + span + "'");
            }
        }
        Latencies latencies = new Latencies();
        for (Path path : paths) {
            try (Opened opened = Opened.journal(path)) {
                opened.journal().read(new Replay(opened.tables(), List.of(latencies)));
            }
        }
        latencies.histograms().keySet().removeIf(span -> !spans.isEmpty() && !spans.contains(span.label()));
        if (hgrm != null) {
            write(hgrm, latencies.histograms());
        }
        if (json()) {
            printJson(
                    1,
                    new Document(
                            "retired instructions",
                            latencies.histograms().entrySet().stream()
                                    .map(entry -> row(entry.getKey(), entry.getValue()))
                                    .toList()));
        } else {
            print(latencies.histograms());
        }
        return ExitCode.CLEAN;
    }

    private void print(Map<Span, Histogram> histograms) {
        if (histograms.isEmpty()) {
            err().println("no such span occurred");
            return;
        }
        Ink ink = new Ink(console());
        TextPlot plot = new TextPlot(console().columns(), ascii);
        out().println(ink.bold(plot.tableHead()));
        histograms.forEach((span, histogram) -> out().println(plot.tableLine(span, histogram)));
        for (Span span : spans.isEmpty() ? plotted(histograms) : List.copyOf(histograms.keySet())) {
            Histogram histogram = histograms.get(span);
            if (histogram != null) {
                out().println();
                out().println(ink.bold(span.label()) + ": " + span.description() + ", in retired instructions");
                plot.chart(histogram).forEach(out()::println);
            }
        }
    }

    /** Without a choice: what a hit costs as a whole. */
    private static List<Span> plotted(Map<Span, Histogram> histograms) {
        for (Span span : List.of(Span.HIT_STEPPED, Span.HIT_DIRECT, Span.TRAP_BP)) {
            if (histograms.containsKey(span)) {
                return List.of(span);
            }
        }
        return List.of(histograms.keySet().iterator().next());
    }

    private static Row row(Span span, Histogram h) {
        return new Row(
                span.label(),
                span.description(),
                h.getTotalCount(),
                h.getMinValue(),
                h.getMean(),
                h.getValueAtPercentile(50),
                h.getValueAtPercentile(90),
                h.getValueAtPercentile(99),
                h.getValueAtPercentile(99.9),
                h.getMaxValue(),
                TextPlot.bars(h));
    }

    private static void write(Path directory, Map<Span, Histogram> histograms) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<Span, Histogram> entry : histograms.entrySet()) {
            Path file = directory.resolve(entry.getKey().label() + ".hgrm");
            try (PrintStream stream = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
                entry.getValue().outputPercentileDistribution(stream, 1.0);
            }
        }
    }
}
