package trapline.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.explore.FlowCode;
import trapline.explore.Judged;
import trapline.explore.Outcome;
import trapline.explore.Sampling;
import trapline.explore.Search;
import trapline.explore.Stimulus;
import trapline.explore.Variant;
import trapline.recording.GuestBuild;
import trapline.scenario.Scenario;
import trapline.schedule.Point;
import trapline.schedule.SchedulePlan;

/** {@code trapline explore}. */
@Command(
        name = "explore",
        description =
                "Search all schedules with a few preemptions, and all moments for an injection, for one that goes wrong.",
        footer = {
            "",
            "The scenario's own schedule and injections are left out. Leaving a CPU that waits (PAUSE) or has halted is no"
                    + " preemption. Ends with 0 only if all of the bound was searched; with 3 if the budget was spent before."
        })
final class ExploreCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;
    /** Instructions that a CPU runs at a stretch under a schedule drawn at random, on average. */
    private static final long QUANTUM = 200;

    private static final Pattern BUDGET = Pattern.compile("(\\d{1,9})(s|m|h|-runs)");

    @Parameters(
            completionCandidates = CatalogueNames.Scenarios.class,
            paramLabel = "SCENARIO",
            description = "Scenario file or name.")
    private String scenarioName = "";

    @Option(names = "--preemptions", paramLabel = "K", description = "At most so many in a run (default 2).")
    private int preemptions = 2;

    @Option(
            names = "--inject",
            paramLabel = "X",
            split = ",",
            description =
                    "A run gets at most one of these, at an" + " instruction of the handler: " + Stimulus.SYNTAX + ".")
    private List<String> injections = new ArrayList<>();

    @Option(names = "--for", paramLabel = "CHECK", split = ",", description = "Only these checks; default: all.")
    private List<String> checks = new ArrayList<>();

    @Option(names = "--budget", paramLabel = "B", description = "60s, 10m, 1h or 50000-runs; default: 10m.")
    private String budget = "10m";

    @Option(
            names = "--hold",
            description =
                    "Hold each CPU that the guest starts where its part of the workload begins, until the first waits or"
                            + " is preempted: one of the K preemptions each.")
    private boolean hold;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "Beside the search, draw so many schedules by PCT and as many at random, from --seed on (default 50).")
    private int samples = 50;

    @Option(names = "--full", description = "Preempt before every instruction, not only where it can matter.")
    private boolean full;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Keep a scenario file and a journal for each finding.")
    private @Nullable Path folder;

    @Option(names = "--force", description = "Write over the files that are in DIR.")
    private boolean force;

    /** What holds the CPUs that the guest starts. */
    private List<Point> held = List.of();

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Override
    protected ExitCode execute() throws IOException {
        if (preemptions < 0 || preemptions > 8) {
            throw new UserError(ExitCode.USAGE, "--preemptions " + preemptions + ": 0 to 8");
        }
        if (samples < 0) {
            throw new UserError(ExitCode.USAGE, "--samples " + samples + ": at least 0");
        }
        Matcher limit = BUDGET.matcher(budget);
        if (!limit.matches()) {
            throw new UserError(ExitCode.USAGE, "--budget " + budget + ": such as 60s, 10m, 1h or 50000-runs");
        }
        if (folder != null) {
            Outputs.requireNewDirectory(folder, force);
        }
        List<Stimulus> stimuli = WindowsCommand.stimuli(injections);
        Scenario scenario = Runs.scenario(scenarioName, options, err());
        GuestBuild guest = Swept.build(scenario, err());
        held = hold ? Swept.bare(scenario, guest).points() : List.of();
        if (held.size() > preemptions) {
            throw new UserError(
                    ExitCode.USAGE,
                    "--preemptions " + preemptions + ": --hold alone takes " + held.size() + " of them");
        }
        Scenario bare = Variant.of(scenario, scenario.name(), held, "");
        FlowCode code = Swept.code(scenario, guest);
        boolean byRuns = limit.group(2).equals("-runs");
        long deadline = byRuns ? Long.MAX_VALUE : System.nanoTime() + seconds(limit) * 1_000_000_000L;
        Search.Bound bound = new Search.Bound(
                preemptions - held.size(), !full, byRuns ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE);
        Search.Result result = new Search(
                        Swept.prepare(bare, guest), code, stimuli, checks, bound, () -> System.nanoTime() < deadline)
                .run();
        List<Sampling> sampled = sampled(scenario, guest, result);
        report(scenario, guest, stimuli, result, sampled);
        return !result.found().isEmpty() ? ExitCode.FINDING : result.complete() ? ExitCode.CLEAN : ExitCode.LOSSY;
    }

    /** What chance finds, beside what the search does. */
    private List<Sampling> sampled(Scenario scenario, GuestBuild guest, Search.Result result) {
        if (samples == 0 || scenario.cpus() == 1) {
            return List.of();
        }
        long seed = scenario.schedule().seed();
        long length = Math.max(1, result.base().steps());
        return Stream.of(
                        new SchedulePlan(SchedulePlan.Kind.PCT, QUANTUM, seed, preemptions, length),
                        new SchedulePlan(SchedulePlan.Kind.RANDOM, QUANTUM, seed, 0, 1))
                .map(plan -> Sampling.of(
                        plan,
                        samples,
                        result.base(),
                        drawn -> Judged.once(Swept.prepare(Variant.scheduled(scenario, drawn), guest), List.of())))
                .toList();
    }

    private static long seconds(Matcher limit) {
        long number = Long.parseLong(limit.group(1));
        return switch (limit.group(2)) {
            case "h" -> 3600 * number;
            case "m" -> 60 * number;
            default -> number;
        };
    }

    private void report(
            Scenario scenario, GuestBuild guest, List<Stimulus> stimuli, Search.Result result, List<Sampling> sampled)
            throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        int number = 0;
        for (Search.Found found : result.found()) {
            String name = scenario.name() + "-found-" + ++number;
            String sentence = sentence(found);
            FoundRun run = new FoundRun(scenario, guest, held, found, name);
            run.record(folder);
            rows.add(run.row(sentence));
            if (!json()) {
                out().println(sentence + " (" + found.runs() + " runs)");
                out().println("  " + run.proof());
                run.recipe().lines().forEach(line -> out().println("  " + line));
            }
        }
        String bound = bound(stimuli, result);
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("scenario", scenario.name());
            document.put("bound", bound);
            document.put("complete", result.complete());
            document.put("runs", result.runs());
            document.put("findings", rows);
            document.put("sampled", sampled);
            printJson(SCHEMA_VERSION, document);
            return;
        }
        out().println(bound);
        sampled.forEach(s -> out().println(s.line()));
    }

    private static String sentence(Search.Found found) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < found.points().size(); i++) {
            Point point = found.points().get(i);
            out.append(i == 0 ? "" : ", then ")
                    .append(point.what())
                    .append(" before ")
                    .append(found.places().get(i))
                    .append(" (")
                    .append(point.at())
                    .append(")");
        }
        Outcome.Failure first = found.wrong().get(0);
        return out + ": " + first.check() + ": " + first.sentence();
    }

    private String held() {
        return held.isEmpty()
                ? ""
                : ", of which " + held.size() + " hold" + (held.size() == 1 ? "s" : "") + " a started CPU at "
                        + Variant.WORKLOAD_CPU + ",";
    }

    private String bound(List<Stimulus> stimuli, Search.Result result) {
        String injected = stimuli.isEmpty() ? "" : " and at most one " + String.join(" or ", injections);
        String what =
                String.format(Locale.ROOT, "schedules with at most %d preemptions%s%s", preemptions, held(), injected);
        String runs = String.format(Locale.ROOT, "%,d runs", result.runs());
        String end =
                result.found().isEmpty() ? "none goes wrong" : result.found().size() + " causes of going wrong";
        return result.complete()
                ? "all " + what + ": " + runs + ", " + end
                : "budget spent before all " + what + " were tried: " + runs + ", " + end;
    }
}
