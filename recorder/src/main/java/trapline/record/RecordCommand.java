package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.commands.LiveCheck;
import trapline.events.HaltReason;
import trapline.recording.BootState;
import trapline.recording.GuestCode;
import trapline.recording.LinuxBuild;
import trapline.recording.OldJournal;
import trapline.recording.Recipe;
import trapline.recording.Recording;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;

/** {@code trapline record}. */
@Command(
        name = "record",
        description = "Run a scenario and write every trap, status transition and EFLAGS write to a journal.",
        footer = {
            "",
            "Prints the digest of the event stream and the journal's path, as sha256sum does. Ends with 0 "
                    + "when the guest ended by itself, with 3 when the machine had to end it (limit, triple fault, "
                    + "unsupported instruction)."
        })
final class RecordCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;
    private static final int UNREACHED_MAX = 10;

    @Parameters(
            arity = "0..1",
            completionCandidates = CatalogueNames.Scenarios.class,
            paramLabel = "SCENARIO",
            description = "A scenario file, or a name of the catalogue.")
    private @Nullable String scenarioName;

    @Option(names = "--guest", paramLabel = "ELF", description = "Run a Multiboot i386 executable instead.")
    private @Nullable Path guest;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Journal to be created; default NAME.journal here.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace a journal that exists.")
    private boolean force;

    @Option(
            names = "--eflags",
            paramLabel = "all|traps|control",
            description =
                    "Record every EFLAGS write, or every one within a trap and elsewhere (control: everywhere) only "
                            + "changes of TF, IF, DF and the like. Default: all; traps for --linux.")
    private @Nullable String eflags;

    @Option(names = "--check", description = "Run all checks while recording, and print their verdicts.")
    private boolean check;

    @Option(
            names = "--allow-idle",
            description = "With --check: a run in which nothing was exercised counts as clean, not as unknown.")
    private boolean allowIdle;

    @Mixin
    private StorageOptions storage = new StorageOptions();

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    /** The console is shown while it is written. */
    private boolean showsConsole;

    @Mixin
    private LinuxOptions linux = new LinuxOptions();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Mixin
    private QemuOptions qemu = new QemuOptions();

    @Override
    protected ExitCode execute() throws IOException {
        if (eflags != null && !List.of("all", "traps", "control").contains(eflags)) {
            throw new UserError(ExitCode.USAGE, "--eflags is all, traps or control, not " + eflags);
        }
        if (qemu.isGiven()) {
            return recordQemu();
        }
        BootState state = range.state() == null ? null : Runs.state(range.state());
        Scenario scenario = state == null ? scenario() : scenario(state);
        String wanted = eflags != null ? eflags : scenario.linux() != null ? "traps" : "all";
        Recording recording = Runs.prepare(scenario, state, wanted.equals("all"), err());
        if (wanted.equals("traps")) {
            recording.recordTraps();
        }
        Path journal = output == null ? Path.of(scenario.name() + ".journal") : output;
        makeRoom(journal);
        showsConsole = scenario.linux() != null;
        if (showsConsole) {
            recording.onConsole(c -> {
                err().print(LinuxBuild.harmless(c));
                err().flush();
            });
        }
        Runs.advance(recording).forEach(this::complain);
        LiveCheck live = check ? new LiveCheck(recording.header()) : null;
        return Runs.interruptibly(recording, err(), () -> record(recording, journal, live));
    }

    private ExitCode recordQemu() throws IOException {
        if (scenarioName != null || guest != null) {
            throw new UserError(ExitCode.USAGE, "a SCENARIO, --guest and --qemu: only one of them can run");
        }
        Path journal = output == null ? Path.of("qemu.journal") : output;
        makeRoom(journal);
        return qemu.run(console(), journal, json() ? document -> printJson(SCHEMA_VERSION, document) : null);
    }

    private ExitCode record(Recording recording, Path journal, @Nullable LiveCheck live) throws IOException {
        Recording.Result result;
        try (RecordProgress progress = new RecordProgress(console(), journal)) {
            progress.start();
            result = recording.run(journal, storage.journal(), live);
        }
        LiveCheck.Report verdicts = live == null ? null : live.end(journal, GuestCode::of);
        report(journal, recording, result, verdicts);
        ExitCode exitCode = exitCode(result.end().reason());
        return verdicts == null || exitCode == ExitCode.INTERRUPTED
                ? exitCode
                : worse(exitCode, verdicts.exitCode(allowIdle));
    }

    /** A finding counts more than an abnormal end. */
    private static ExitCode worse(ExitCode run, ExitCode checks) {
        return checks == ExitCode.FINDING ? checks : run.worse(checks);
    }

    private Scenario scenario() {
        Path kernel = linux.kernel();
        int given = (scenarioName == null ? 0 : 1) + (guest == null ? 0 : 1) + (kernel == null ? 0 : 1);
        if (given > 1) {
            throw new UserError(ExitCode.USAGE, "a SCENARIO, --guest and --linux: only one of them can run");
        }
        if (given == 0) {
            throw new UserError(
                    ExitCode.USAGE,
                    "record needs a SCENARIO, --guest ELF or --linux KERNEL; trapline scenarios lists some");
        }
        if (kernel != null) {
            return Runs.linux(kernel, range.addTo(linux.addTo(Runs.overrides(options), qemu.symbols())), err());
        }
        return guest == null
                ? Runs.scenario(String.valueOf(scenarioName), options, err())
                : Runs.executable(guest, options, err());
    }

    /** What the state is of, with what else was given. */
    private Scenario scenario(BootState state) {
        if (scenarioName != null || guest != null || linux.kernel() != null) {
            throw new UserError(
                    ExitCode.USAGE, "a SCENARIO, --guest, --linux and --from-state: only one of them can run");
        }
        Overrides overrides = range.addTo(linux.addTo(Runs.overrides(options), qemu.symbols()));
        return Runs.scenario(String.valueOf(range.state()), state, overrides, err());
    }

    /** An existing journal is evidence: it goes only if the user says so, and only if it is a journal. */
    private void makeRoom(Path journal) throws IOException {
        Outputs.requireParent(journal);
        if (!Files.exists(journal, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!force) {
            throw new UserError(
                    ExitCode.USAGE, journal + ": exists already; remove it, name another with -o, or use --force");
        }
        OldJournal.remove(journal);
    }

    private void report(
            Path journal, Recording recording, Recording.Result result, LiveCheck.@Nullable Report verdicts) {
        String digest = result.footer().digest();
        boolean interrupted = result.end().reason() == HaltReason.INTERRUPTED;
        String recipe = interrupted ? "" : recording.recipe(digest);
        Recording.End end = result.end();
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("journal", journal.toString());
            document.put("digest", digest);
            document.put("events", result.footer().events());
            document.put("steps", end.steps());
            document.put("instructionsPerSecond", end.nanos() == 0 ? 0 : (long) (end.steps() * 1e9 / end.nanos()));
            document.put("end", end.reason().label());
            document.put("detail", end.detail());
            document.put("exitCode", end.exitCode());
            document.put("console", recording.console());
            document.put("recipe", recipe);
            if (verdicts != null) {
                document.put("verdicts", verdicts.verdicts());
            }
            printJson(SCHEMA_VERSION, document);
            warnOfUnreached(recording, end);
            return;
        }
        out().println(digest + "  " + journal);
        if (verdicts != null) {
            verdicts.print(console());
        }
        if (!showsConsole) {
            err().print(LinuxBuild.harmless(recording.console()));
        }
        String screen = recording.screen();
        if (!screen.isEmpty()) {
            err().println("on the screen:\n" + screen);
        }
        if (end.reason() == HaltReason.INTERRUPTED) {
            err().println();
            err().println("interrupted; the journal is closed and can be used: " + journal);
        }
        err().println(String.format(
                Locale.ROOT,
                "%s: %,d events of %,d instructions, %s",
                recording.header().name(),
                result.footer().events(),
                end.steps(),
                end(end)));
        warnOfUnreached(recording, end);
        err().print(recipe.isEmpty() ? withoutRecipe(interrupted, recording, journal) : recipe);
    }

    /** What a scenario asks for and did not get would look like something that has no effect. */
    private void warnOfUnreached(Recording recording, Recording.End end) {
        if (end.reason() == HaltReason.INTERRUPTED) {
            return; // whoever pressed Ctrl-C knows that there is more
        }
        List<String> unreached = recording.unreached();
        unreached.stream().limit(UNREACHED_MAX).forEach(point -> complain("point never reached: " + point));
        int more = unreached.size() - UNREACHED_MAX;
        if (more > 0) {
            complain(more + " more points never reached");
        }
    }

    /** Why there is no recipe, and what to send instead. */
    private static String withoutRecipe(boolean interrupted, Recording recording, Path journal) {
        String why = interrupted
                ? "the scenario goes on where this run was interrupted"
                : recording.carriesGuest()
                        ? "the guest is not all of the catalogue"
                        : "the scenario does not fit into " + Recipe.BYTES_MAX + " bytes";
        return "no recipe: " + why + "; 'trapline bundle " + journal + "' makes a file that can be run again\n";
    }

    private static String end(Recording.End end) {
        return switch (end.reason()) {
            case EXIT -> "guest exit code " + end.exitCode();
            case HALTED -> "all CPUs halted";
            case LIMIT -> "ended by the limit " + end.detail() + "; --set limits.instructions=N allows more";
            default -> "ended by " + end.reason().label() + ": " + end.detail();
        };
    }

    private static ExitCode exitCode(HaltReason reason) {
        return switch (reason) {
            case EXIT, HALTED -> ExitCode.CLEAN;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
            default -> ExitCode.LOSSY;
        };
    }
}
