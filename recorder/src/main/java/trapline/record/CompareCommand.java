package trapline.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.scenario.Catalogue;
import trapline.scenario.Scenario;

/** {@code trapline compare}. */
@Command(
        name = "compare",
        description = "Run scenarios under several handler flows and print the matrix of verdicts and outcomes.",
        footer = {
            "",
            "A cell is the worst verdict of all checks (- : nothing was exercised), then how the run ended "
                    + "if not well: bug, die, warn, exit N, limit. Ends with 1 if any check fails."
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

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Override
    protected ExitCode execute() {
        if (options.flow() != null && !flows.isEmpty()) {
            throw new UserError(ExitCode.USAGE, "--flow and --flows: give all flows with --flows");
        }
        List<String> given = options.flow() == null ? flows : List.of(options.flow());
        List<String> columns = given.isEmpty() ? Catalogue.names("guest/flows", ".o") : given;
        List<String> rows = scenarioNames.isEmpty() ? Catalogue.names("scenarios", ".yaml") : scenarioNames;
        List<List<Scenario>> scenarios = new ArrayList<>();
        for (String row : rows) {
            List<Scenario> line = new ArrayList<>();
            for (String column : columns) {
                line.add(Runs.scenario(row, Runs.overrides(options).add("--flows " + column, "flow", column), err()));
            }
            scenarios.add(line);
        }
        List<List<CompareCell>> matrix = run(scenarios, columns);
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("flows", columns);
            document.put(
                    "scenarios", matrix.stream().map(r -> r.get(0).scenario()).toList());
            document.put("cells", matrix.stream().flatMap(List::stream).toList());
            printJson(SCHEMA_VERSION, document);
        } else {
            new CompareTable(console(), columns).print(matrix);
        }
        return exitCode(matrix);
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
                        CompareCell cell = CompareRun.run(scenario, flow, err());
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

    private static ExitCode exitCode(List<List<CompareCell>> matrix) {
        ExitCode code = ExitCode.CLEAN;
        for (List<CompareCell> line : matrix) {
            for (CompareCell cell : line) {
                if (cell.verdict().equals("FAIL")) {
                    return ExitCode.FINDING;
                }
                code = cell.verdict().equals("UNKNOWN") ? ExitCode.LOSSY : code;
            }
        }
        return code;
    }
}
