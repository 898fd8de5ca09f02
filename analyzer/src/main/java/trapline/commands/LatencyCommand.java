package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.bundle.Bundle;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.Inputs;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.journal.Journal;
import trapline.latency.Grouping;
import trapline.latency.LatencyTable;
import trapline.latency.Measured;
import trapline.latency.SpanKey;
import trapline.latency.TextPlot;
import trapline.latency.Threshold;
import trapline.latency.Unit;
import trapline.latency.UserSpan;
import trapline.replay.Replay;
import trapline.replay.SharedReplay;
import trapline.text.Nearest;

/** {@code latency}: how many instructions things take. */
@Command(
        name = "latency",
        description =
                "Measures spans (traps, hits, steps, handlers) in retired instructions, or in nanoseconds where that"
                        + " is the clock of a journal: percentiles and plots.")
final class LatencyCommand extends ToolCommand {

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Journals; their values are taken together, or compared with --compare.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(
            names = "--span",
            completionCandidates = Candidates.Spans.class,
            paramLabel = "SPAN",
            split = ",",
            description = "These spans only, such as hit-stepped.")
    private List<String> spans = new ArrayList<>();

    private static final int SPAN_BYTES_MAX = 1 << 20;

    @Option(names = "--spans", paramLabel = "FILE", description = "More spans: a YAML file of pairs of event patterns.")
    private @Nullable Path spanFile;

    @Option(names = "--by", paramLabel = "WHAT", description = "A row for each probe, cpu, flow or journal.")
    private @Nullable String by;

    @Option(names = "--compare", description = "Compare two journals: the shift of each percentile.")
    private boolean compare;

    @Option(
            names = "--fail-if",
            paramLabel = "BOUND",
            description = "With --compare, exit with 1 if it holds, such as 'hit.p99 > +5%%' or 'step.max > 3'.")
    private List<String> failIf = new ArrayList<>();

    @Option(names = "--ascii", description = "Draw bars without block characters.")
    private boolean ascii;

    @ArgGroup(exclusive = false)
    private LatencyOutputs outputs = new LatencyOutputs();

    private ExitCode read = ExitCode.CLEAN;

    record Row(
            String span,
            String group,
            String description,
            long count,
            long interrupted,
            long unfinished,
            long min,
            double mean,
            long p50,
            long p90,
            long p99,
            long p999,
            long max,
            List<TextPlot.Bar> bars) {}

    record Document(String unit, boolean whole, List<Row> spans) {}

    @Override
    protected ExitCode execute() throws IOException {
        List<UserSpan> userSpans = userSpans();
        List<Threshold> thresholds = thresholds();
        outputs.directories().stream().distinct().forEach(place -> Outputs.requireNewDirectory(place, force));
        if (compare) {
            if (paths.size() != 2) {
                throw new UserError(ExitCode.USAGE, "--compare takes two journals, not " + paths.size());
            }
            LatencyTable before = measure(paths.subList(0, 1), userSpans);
            LatencyTable after = measure(paths.subList(1, 2), userSpans);
            oneUnit(paths.get(0), before.unit(), paths.get(1), after.unit());
            writing("", () -> outputs.write(before, after));
            ExitCode shift = new LatencyShift(this, before, after, thresholds).show(json());
            return shift == ExitCode.CLEAN ? read : shift;
        }
        if (!thresholds.isEmpty()) {
            throw new UserError(ExitCode.USAGE, "--fail-if compares: it needs --compare and two journals");
        }
        LatencyTable table = measure(paths, userSpans);
        writing("", () -> outputs.write(table, null));
        if (json()) {
            printJson(1, new Document(table.unit().name(), !table.lossy(), rows(table)));
        } else {
            print(table);
        }
        if (table.lossy() && read == ExitCode.CLEAN) {
            err().println("events are missing, so spans are; those that were open there count as interrupted");
        }
        return table.lossy() ? read.worse(ExitCode.LOSSY) : read;
    }

    private static void oneUnit(Path a, Unit unitA, Path b, Unit unitB) {
        if (!unitA.equals(unitB)) {
            throw new UserError(
                    ExitCode.USAGE,
                    a + " counts " + unitA.name() + ", " + b + " " + unitB.name()
                            + ": their latencies cannot be put together; measure them one by one");
        }
    }

    private List<UserSpan> userSpans() throws IOException {
        if (spanFile == null) {
            return List.of();
        }
        try {
            return UserSpan.parse(Inputs.text(spanFile, SPAN_BYTES_MAX));
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, spanFile + ": " + e.getMessage(), e);
        }
    }

    private List<Threshold> thresholds() {
        try {
            return failIf.stream().map(Threshold::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, "--fail-if: " + e.getMessage(), e);
        }
    }

    private Grouping grouping() {
        try {
            return by == null ? Grouping.NONE : Grouping.valueOf(by.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, "--by " + by + ": there is probe, cpu, flow and journal", e);
        }
    }

    private LatencyTable measure(List<Path> journals, List<UserSpan> userSpans) throws IOException {
        LatencyTable table = new LatencyTable(unit(journals), grouping(), userSpans);
        for (String span : spans) {
            if (!table.spans().contains(span)) {
                String hint = Nearest.hint(span, table.spans());
                throw new UserError(
                        ExitCode.USAGE,
                        "--span: there is no span '" + span + "'"
                                + (hint.isEmpty() ? ", but " + String.join(", ", table.spans()) : hint));
            }
        }
        int threads = Runtime.getRuntime().availableProcessors();
        for (Path path : journals) {
            try (Opened opened = Opened.journal(path)) {
                SharedReplay.read(
                                opened.journal(),
                                threads,
                                () -> new Replay(
                                        opened.tables(),
                                        table.listeners(
                                                opened.tables(), opened.header().flow(), path.toString())))
                        .end();
                read = read.worse(outcome(opened.journal()));
            }
        }
        if (!spans.isEmpty()) {
            table.keep(new HashSet<>(spans));
        }
        return table;
    }

    private static Unit unit(List<Path> journals) throws IOException {
        Unit unit = null;
        for (Path path : journals) {
            try (Journal journal = Bundle.journal(path)) {
                Unit next = Unit.of(journal.header().clock());
                oneUnit(journals.get(0), unit == null ? next : unit, path, next);
                unit = next;
            }
        }
        return unit == null ? Unit.INSTRUCTIONS : unit;
    }

    private void print(LatencyTable table) {
        Map<SpanKey, Measured> rows = table.rows();
        if (rows.isEmpty()) {
            err().println("no such span occurred");
            return;
        }
        Ink ink = new Ink(console());
        TextPlot plot = new TextPlot(console().columns(), ascii);
        List<String> lines = plot.table(rows);
        out().println(ink.bold(lines.get(0)));
        lines.subList(1, lines.size()).forEach(out()::println);
        rows.forEach((key, measured) -> {
            boolean wanted = spans.isEmpty() ? key.span().equals("hit") : true;
            if (wanted && measured.histogram().getTotalCount() > 0) {
                out().println();
                out().println(ink.bold(key.name()) + ": " + key.description() + ", in "
                        + table.unit().name());
                plot.chart(measured.histogram()).forEach(out()::println);
            }
        });
    }

    private static List<Row> rows(LatencyTable table) {
        List<Row> rows = new ArrayList<>();
        table.rows().forEach((key, measured) -> {
            var h = measured.histogram();
            boolean none = h.getTotalCount() == 0;
            rows.add(new Row(
                    key.span(),
                    key.group(),
                    key.description(),
                    h.getTotalCount(),
                    measured.interrupted(),
                    measured.unfinished(),
                    none ? 0 : h.getMinValue(),
                    h.getMean(),
                    h.getValueAtPercentile(50),
                    h.getValueAtPercentile(90),
                    h.getValueAtPercentile(99),
                    h.getValueAtPercentile(99.9),
                    h.getMaxValue(),
                    none ? List.of() : TextPlot.bars(h)));
        });
        return rows;
    }
}
