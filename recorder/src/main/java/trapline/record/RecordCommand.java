package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.analyze.ExitCode;
import trapline.analyze.ToolCommand;
import trapline.analyze.UserError;
import trapline.events.HaltReason;
import trapline.scenario.Scenario;

/** {@code trapline record}. */
@Command(
        name = "record",
        description = "Run a scenario and write every trap, status transition and EFLAGS write to a journal.",
        footer = {
            "",
            "Prints the digest of the event stream and the journal's path, as sha256sum does. Ends with 0 when the guest",
            "ended by itself, with 3 when the machine had to end it (limit, triple fault, unsupported instruction)."
        })
final class RecordCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "A scenario file, or a name of the catalogue.")
    private @Nullable String scenarioName;

    @Option(names = "--guest", paramLabel = "X.elf", description = "Run a Multiboot i386 executable instead.")
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
            paramLabel = "all|control",
            description = "Record every EFLAGS write, or only changes of TF, IF, DF and the like. Default: all.")
    private String eflags = "all";

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    /** What {@code --json} prints. */
    record Summary(
            String journal,
            String digest,
            long events,
            long steps,
            long instructionsPerSecond,
            String end,
            long exitCode,
            String recipe) {}

    @Override
    protected ExitCode execute() throws IOException {
        if (!eflags.equals("all") && !eflags.equals("control")) {
            throw new UserError(ExitCode.USAGE, "--eflags is all or control, not " + eflags);
        }
        Scenario scenario = scenario();
        Recording recording = Runs.prepare(scenario, eflags.equals("all"));
        Path journal = output == null ? Path.of(scenario.name() + ".journal") : output;
        makeRoom(journal);
        Recording.Result result = Runs.interruptibly(recording, () -> recording.run(journal, null));
        report(journal, recording, result);
        return exitCode(result.end().reason());
    }

    private Scenario scenario() {
        if ((scenarioName == null) == (guest == null)) {
            throw new UserError(
                    ExitCode.USAGE, "record needs a SCENARIO or --guest X.elf; trapline scenarios lists some");
        }
        return guest == null
                ? Runs.scenario(String.valueOf(scenarioName), options, err())
                : Runs.executable(guest, options, err());
    }

    /** An existing journal is evidence: it goes only if the user says so, and only if it is a journal. */
    private void makeRoom(Path journal) throws IOException {
        if (!Files.exists(journal, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!force) {
            throw new UserError(
                    ExitCode.USAGE, journal + ": exists already; remove it, name another with -o, or use --force");
        }
        OldJournal.remove(journal);
    }

    private void report(Path journal, Recording recording, Recording.Result result) {
        long steps = result.end().steps();
        long rate = result.end().nanos() == 0
                ? 0
                : (long) (steps * 1e9 / result.end().nanos());
        if (json()) {
            printJson(
                    SCHEMA_VERSION,
                    new Summary(
                            journal.toString(),
                            result.footer().digest(),
                            result.footer().events(),
                            steps,
                            rate,
                            result.end().reason().label(),
                            result.end().exitCode(),
                            recording.recipe(result.footer().digest())));
        } else {
            out().println(result.footer().digest() + "  " + journal);
            err().print(recording.console());
            err().println(String.format(
                    Locale.ROOT,
                    "%s: %,d events of %,d instructions, %s",
                    recording.header().name(),
                    result.footer().events(),
                    steps,
                    end(result)));
            err().print(recording.recipe(result.footer().digest()));
        }
    }

    private static String end(Recording.Result result) {
        return switch (result.end().reason()) {
            case EXIT -> "guest exit code " + result.end().exitCode();
            case HALTED -> "all CPUs halted";
            default ->
                "ended by " + result.end().reason().label() + ": "
                        + result.end().detail();
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
