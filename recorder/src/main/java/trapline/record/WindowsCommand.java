package trapline.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Json;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.explore.Stimulus;
import trapline.explore.Sweep;
import trapline.explore.WindowMap;
import trapline.explore.WindowPage;
import trapline.explore.WindowSarif;
import trapline.explore.WindowText;
import trapline.scenario.Scenario;

/** {@code trapline windows}. */
@Command(
        name = "windows",
        description =
                "Do the same thing to a handler at each of its instructions, one run each, and draw on its C source"
                        + " where it goes wrong.",
        footer = {
            "",
            "The scenario's own schedule and injections are left out: a CPU runs until it waits or halts, and the CPUs that"
                    + " the guest starts are held where their part of the workload begins, until a switch.",
            "With two flows, the second is drawn, and compared with the first; the exit code is 1 only for windows that the"
                    + " first does not have."
        })
final class WindowsCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    private enum Format {
        text,
        json,
        sarif
    }

    @Parameters(
            completionCandidates = CatalogueNames.Scenarios.class,
            paramLabel = "SCENARIO",
            description = "Scenario file or name.")
    private String scenarioName = "";

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(
            names = "--inject",
            paramLabel = "X",
            split = ",",
            required = true,
            description = "What is done: " + Stimulus.SYNTAX + ".")
    private List<String> injections = new ArrayList<>();

    @Option(
            names = "--for",
            paramLabel = "CHECK",
            split = ",",
            description = "Only these checks, beside what the kernel itself complains of; default: all.")
    private List<String> checks = new ArrayList<>();

    @Option(names = "--format", description = "text, json or sarif.")
    private Format format = Format.text;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.html",
            description = "Also write a page that stands by itself: the source with a cell for each instruction.")
    private @Nullable Path page;

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Override
    protected ExitCode execute() {
        List<Stimulus> stimuli = stimuli(injections);
        if (page != null) {
            Outputs.requireNew(page, force);
        }
        List<Sweep.Result> swept = new ArrayList<>();
        String name = "";
        for (@Nullable String flow : flows()) {
            Scenario scenario =
                    Runs.scenario(scenarioName, Runs.overrides(options).add("--flow " + flow, "flow", flow), err());
            name = scenario.name();
            swept.add(Swept.sweep(scenario, stimuli, checks, err(), this::progress));
        }
        if (console().errIsTerminal()) {
            err().print("\r                    \r");
        }
        WindowMap map = swept.size() == 1 ? WindowMap.of(swept.get(0)) : WindowMap.of(swept.get(0), swept.get(1));
        print(map, name);
        return exitCode(map);
    }

    static List<Stimulus> stimuli(List<String> texts) {
        try {
            return Stimulus.parseAll(texts);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** One or two; null stands for the scenario's own. */
    private List<@Nullable String> flows() {
        String given = options.flow();
        List<@Nullable String> flows = new ArrayList<>();
        if (given == null) {
            flows.add(null);
        } else {
            flows.addAll(List.of(given.split(",", -1)));
        }
        if (flows.size() > 2 || flows.contains("")) {
            throw new UserError(ExitCode.USAGE, "--flow " + given + ": one flow, or two with a comma between them");
        }
        return flows;
    }

    private void progress(long runs) {
        if (console().errIsTerminal()) {
            err().print("\r" + runs + " runs");
        }
    }

    /** A map as JSON has it. */
    static Map<String, Object> document(WindowMap map, String scenario) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("scenario", scenario);
        document.put("flows", map.flows());
        document.put("stimuli", map.stimuli());
        document.put("runs", map.runs());
        document.put("lines", map.lines());
        return document;
    }

    private void print(WindowMap map, String scenario) {
        Map<String, Object> document = document(map, scenario);
        if (json() || format == Format.json) {
            printJson(SCHEMA_VERSION, document);
        } else if (format == Format.sarif) {
            out().println(Json.pretty(WindowSarif.of(map, scenario, ToolVersion.TOOL)));
        } else {
            WindowText.of(map).forEach(out()::println);
        }
        Path file = page;
        if (file != null) {
            String title = String.join(" against ", map.flows()) + ", " + scenario;
            String html = WindowPage.of(title, Json.line(document));
            writing(file, () -> Files.writeString(file, html));
            err().println(file + " written");
        }
    }

    /** Nothing that could come is nothing that was judged. */
    private static ExitCode exitCode(WindowMap map) {
        int now = map.flows().size() - 1;
        List<WindowMap.Cell> cells =
                map.cells().stream().filter(c -> c.flow() == now).toList();
        boolean old = map.flows().size() > 1;
        if (cells.stream().anyMatch(c -> c.state().isOpen() && (!old || c.state() != WindowMap.State.OPEN))) {
            return ExitCode.FINDING;
        }
        boolean judged =
                cells.stream().anyMatch(c -> c.state() == WindowMap.State.SAFE || c.state() == WindowMap.State.OPEN);
        return judged ? ExitCode.CLEAN : ExitCode.LOSSY;
    }
}
