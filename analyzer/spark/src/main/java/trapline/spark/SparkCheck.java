package trapline.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.Severity;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.commands.CheckText;
import trapline.tables.Table;
import trapline.verdicts.Groups;
import trapline.verdicts.JournalFinder;
import trapline.verdicts.Loads;
import trapline.verdicts.Tally;

/** {@code check}: the verdicts of {@code trapline check}, byte for byte, whoever works and whoever fails meanwhile. */
@Command(
        name = "check",
        description = "Judges journals by all checks on the cluster, and writes verdicts as a data set; prints what"
                + " 'trapline check' prints.")
final class SparkCheck extends ToolCommand {

    private static final Set<Table> OF_VERDICTS = EnumSet.of(Table.RUNS, Table.VERDICTS, Table.FINDINGS);

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Journals, bundles, or directory trees of them, in a folder that all workers see.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Folder for the data set, which all workers see; complete once _SUCCESS is in it.")
    private Path output = Path.of(".");

    @Option(
            names = "--resume",
            description = "Go on in a folder that a job has left: loads that are done, and whose journals have the same"
                    + " sizes and times, are not judged again.")
    private boolean resume;

    @Option(
            names = "--load",
            paramLabel = "N",
            description =
                    "Journals of a task at the most; default: ${DEFAULT-VALUE}. A task has 128 MB of journals at the"
                            + " most, or one that is larger.")
    private int journalsMax = Loads.JOURNALS_MAX;

    @Option(names = "--all-tables", description = "Write hits, traps, spans and events too, not verdicts alone.")
    private boolean allTables;

    @Option(
            names = "--allow-idle",
            description = "A journal in which nothing was exercised counts as clean, not as unknown.")
    private boolean allowIdle;

    @Override
    protected ExitCode execute() throws Exception {
        if (journalsMax < 1) {
            throw new UserError(ExitCode.USAGE, "--load " + journalsMax + ": at least 1");
        }
        if (resume) {
            Outputs.requireDirectory(output);
        } else {
            Outputs.requireFree(output);
        }
        JournalFinder.Found found =
                JournalFinder.find(paths.stream().map(Path::toAbsolutePath).toList());
        List<Loads.Load> loads = Loads.pack(found.journals(), journalsMax);
        CheckPlan plan = plan(found.journals().size());
        OutputFolder folder = new OutputFolder(output.toAbsolutePath());
        folder.begin(loads.size());
        List<@Nullable LoadOutcome> outcomes = judge(plan, loads, folder);
        folder.succeed();
        return tell(plan, folder, outcomes, found);
    }

    private CheckPlan plan(int journals) {
        Set<Table> tables = allTables ? EnumSet.allOf(Table.class) : OF_VERDICTS;
        return new CheckPlan(
                output.toAbsolutePath().toString(),
                json(),
                allowIdle,
                journals,
                tables.stream().map(Enum::name).toList());
    }

    private List<@Nullable LoadOutcome> judge(CheckPlan plan, List<Loads.Load> loads, OutputFolder folder)
            throws Exception {
        List<@Nullable LoadOutcome> outcomes = new ArrayList<>();
        List<LoadSpec> open = new ArrayList<>();
        for (int part = 0; part < loads.size(); part++) {
            List<Path> journals = loads.get(part).journals();
            String key = LoadKey.of(plan, journals);
            LoadOutcome before = folder.outcome(part);
            boolean done = before != null && before.key().equals(key);
            outcomes.add(done ? before : null);
            if (!done) {
                open.add(
                        new LoadSpec(part, journals.stream().map(Path::toString).toList(), key));
            }
        }
        if (loads.size() > open.size()) {
            err().println(loads.size() - open.size() + " of " + Words.count(loads.size(), "load", "loads")
                    + " done before");
        }
        // The largest first: one that begins last would keep all others waiting.
        open.sort(Comparator.comparingLong(
                        (LoadSpec load) -> -loads.get(load.part()).bytes())
                .thenComparing(LoadSpec::part));
        if (!open.isEmpty()) {
            List<String> results = run(plan, open);
            for (int i = 0; i < open.size(); i++) {
                outcomes.set(open.get(i).part(), LoadOutcome.parse(results.get(i)));
            }
        }
        return outcomes;
    }

    private static List<String> run(CheckPlan plan, List<LoadSpec> open) throws Exception {
        try (SparkSession session = Sessions.open("trapline check")) {
            JavaSparkContext context = new JavaSparkContext(session.sparkContext());
            return context.parallelize(open, open.size())
                    .map(new LoadTask(plan))
                    .collect();
        } catch (Exception e) {
            if (e instanceof SparkException) {
                throw new UserError(
                        ExitCode.INTERNAL,
                        "the job has failed: " + Sessions.reason(e) + "; --resume goes on where it was",
                        e);
            }
            throw e;
        }
    }

    private ExitCode tell(
            CheckPlan plan, OutputFolder folder, List<@Nullable LoadOutcome> outcomes, JournalFinder.Found found)
            throws IOException {
        Tally tally = Tally.NONE;
        Groups groups = new Groups();
        for (int part : IntStream.range(0, outcomes.size()).toArray()) {
            LoadOutcome outcome = Objects.requireNonNull(outcomes.get(part), "each load is done");
            Files.copy(folder.file(plan.printed(part)), out());
            tally = tally.plus(outcome.tally());
            outcome.failures().forEach(groups::add);
            outcome.messages().forEach(this::complain);
        }
        if (!plan.json()) {
            CheckText text = new CheckText(out(), console(), false);
            text.begin(plan.journals());
            text.end(groups);
        }
        if (found.linksSkipped() > 0) {
            err().println(Words.count(found.linksSkipped(), "symbolic link", "symbolic links")
                    + " skipped; name a link to have it followed");
            tally = found.linksOut() > 0 ? tally.atLeast(Severity.UNKNOWN) : tally;
        }
        err().println(tally.sentence(plan.journals() - tally.unreadable()));
        return ExitCode.of(tally.worst());
    }
}
