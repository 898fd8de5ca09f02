package trapline.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.scenario.Catalogue;
import trapline.scenario.Scenario;

/** {@code trapline compare}. */
@Command(
        name = "compare",
        description = "Run scenarios under several handler flows and print the matrix of verdicts and outcomes.",
        footer = {
            "",
            "A cell is the worst verdict of all checks (- : nothing was exercised), then how the run ended "
                    + "if not well: bug, die, warn, exit N, limit. Ends with 1 if any check fails.",
            "With a baseline, a cell that differs from it is marked *, and only what goes wrong there and not in the baseline"
                    + " ends with 1."
        })
final class CompareCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    @Parameters(
            arity = "0..*",
            completionCandidates = CatalogueNames.Scenarios.class,
            paramLabel = "SCENARIO",
            description = "Scenario files or names; default: all of the catalogue.")
    private List<String> scenarioNames = new ArrayList<>();

    @Option(
            names = "--flows",
            completionCandidates = CatalogueNames.Flows.class,
            paramLabel = "FLOW",
            split = ",",
            description = "Handler flows: catalogue names, .c or .o files; default: all of the catalogue.")
    private List<String> flows = new ArrayList<>();

    @Option(
            names = "--baseline",
            completionCandidates = CatalogueNames.Flows.class,
            paramLabel = "FLOW",
            description = "Mark the cells that differ from this flow's, and end with 1 only for what it does not have.")
    private @Nullable String baseline;

    @Option(
            names = "--changed",
            description = "Only the scenarios in which a flow differs from the baseline (default: the first flow).")
    private boolean changed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Keep the journals there, one for each cell, and say how to compare those that differ.")
    private @Nullable Path folder;

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Override
    protected ExitCode execute() {
        if (options.flow() != null && !flows.isEmpty()) {
            throw new UserError(ExitCode.USAGE, "--flow and --flows: give all flows with --flows");
        }
        List<String> given = options.flow() == null ? flows : List.of(options.flow());
        List<String> columns = new ArrayList<>(given.isEmpty() ? Catalogue.names("guest/flows", ".o") : given);
        if (baseline != null && !columns.contains(baseline)) {
            columns.add(0, baseline);
        }
        String against = baseline != null || !changed ? baseline : columns.get(0);
        if (folder != null) {
            Outputs.requireNewDirectory(folder, false);
            Path made = folder;
            writing(made, () -> Files.createDirectories(made));
        }
        List<String> rows = scenarioNames.isEmpty() ? Catalogue.names("scenarios", ".yaml") : scenarioNames;
        List<List<Scenario>> scenarios = new ArrayList<>();
        for (String row : rows) {
            List<Scenario> line = new ArrayList<>();
            for (String column : columns) {
                line.add(Runs.scenario(row, Runs.overrides(options).add("--flows " + column, "flow", column), err()));
            }
            scenarios.add(line);
        }
        CompareBaseline measure = new CompareBaseline(against == null ? -1 : columns.indexOf(against));
        List<List<CompareCell>> matrix = run(scenarios, columns);
        List<List<CompareCell>> shown =
                changed ? matrix.stream().filter(measure::differs).toList() : matrix;
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("flows", columns);
            document.put("baseline", against);
            document.put(
                    "scenarios", shown.stream().map(r -> r.get(0).scenario()).toList());
            document.put(
                    "changed",
                    matrix.stream()
                            .filter(measure::differs)
                            .map(r -> r.get(0).scenario())
                            .toList());
            document.put("cells", shown.stream().flatMap(List::stream).toList());
            printJson(SCHEMA_VERSION, document);
        } else {
            if (shown.isEmpty()) {
                out().println("no scenario differs from " + against + " in "
                        + Words.count(matrix.size(), "scenario", "scenarios"));
            } else {
                new CompareTable(console(), columns, measure).print(shown);
            }
            next(shown, measure);
        }
        return exitCode(matrix, measure);
    }

    /** Cells are independent of each other, so they run on all processors; the matrix does not show in which order. */
    private List<List<CompareCell>> run(List<List<Scenario>> scenarios, List<String> columns) {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (RecordingProgress progress = new RecordingProgress(console(), scenarios.size() * columns.size())) {
            List<List<Future<CompareCell>>> pending = new ArrayList<>();
            for (List<Scenario> line : scenarios) {
                List<Future<CompareCell>> futures = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    Scenario scenario = line.get(i);
                    String flow = columns.get(i);
                    futures.add(pool.submit(() -> {
                        CompareCell cell = CompareRun.run(scenario, flow, journal(scenario.name(), flow), err());
                        progress.step();
                        return cell;
                    }));
                }
                pending.add(futures);
            }
            return pending.stream()
                    .map(line -> line.stream().map(CompareCommand::join).toList())
                    .toList();
        } finally {
            pool.shutdownNow();
        }
    }

    private static CompareCell join(Future<CompareCell> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    /** Where a cell's journal is kept; null if it is not. */
    private @Nullable Path journal(String scenario, String flow) {
        return folder == null
                ? null
                : folder.resolve(
                        scenario + "-" + Words.baseName(Path.of(flow)).replaceFirst("\\.[co]$", "") + ".journal");
    }

    /** What to look at next: the first run that differs from the baseline's. */
    private void next(List<List<CompareCell>> rows, CompareBaseline measure) {
        for (List<CompareCell> row : rows) {
            CompareCell other = measure.firstOther(row);
            if (other != null) {
                CompareCell base = measure.of(row);
                out().println(
                                folder == null
                                        ? "next: the same with -o DIR keeps the journals, for trapline diff"
                                        : "next: trapline diff " + journal(base.scenario(), base.flow()) + " "
                                                + journal(other.scenario(), other.flow()));
                return;
            }
        }
    }

    private static ExitCode exitCode(List<List<CompareCell>> matrix, CompareBaseline measure) {
        ExitCode code = ExitCode.CLEAN;
        for (List<CompareCell> line : matrix) {
            for (CompareCell cell : line) {
                if (measure.isFinding(cell, line)) {
                    return ExitCode.FINDING;
                }
                code = cell.verdict().equals("UNKNOWN") ? ExitCode.LOSSY : code;
            }
        }
        return code;
    }
}
