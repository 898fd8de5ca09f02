package trapline.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.bundle.SshSignature;
import trapline.checks.Check;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.checks.monitor.MonitorCheck;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.Json;
import trapline.cli.Outputs;
import trapline.cli.Progress;
import trapline.cli.Severity;
import trapline.cli.ToolCommand;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.diff.Code;
import trapline.verdicts.BatchRun;
import trapline.verdicts.Groups;
import trapline.verdicts.JournalFinder;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.JunitWriter;
import trapline.verdicts.KtapWriter;
import trapline.verdicts.NdjsonWriter;
import trapline.verdicts.ResumeFile;
import trapline.verdicts.SarifWriter;
import trapline.verdicts.VerdictJson;
import trapline.verdicts.VerdictWriter;

/** {@code check}: verdicts. */
@Command(
        name = "check",
        description = "Judges journals by all checks; exits with 1 if a claim is violated, 3 if something is unknown.")
final class CheckCommand extends ToolCommand {

    /** Formats of the output. */
    enum Format {
        text,
        json,
        junit,
        sarif,
        ktap
    }

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Journals, bundles, or directory trees of them. Symbolic links inside a tree are skipped and"
                    + " counted; where one leads out of the tree, check ends with 3. One that is named is followed.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", description = "text, json, junit, sarif or ktap; default: text.")
    private @Nullable Format format;

    @Option(
            names = {"-v", "--verbose"},
            description = "List every check: what passed and how often, and what was not exercised.")
    private boolean verbose;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "For journals side by side, or to share a long one; default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Note clean journals there, and skip those that are noted and unchanged.")
    private @Nullable Path resumeFile;

    @Option(
            names = "--verify",
            paramLabel = "KEYS",
            description = "Judge bundles only that one of these SSH keys has signed (id_ed25519.pub, authorized_keys);"
                    + " others end with 4.")
    private @Nullable Path keys;

    @Option(
            names = "--follow",
            description = "Go on with a journal that is being written, until it is closed or Ctrl-C; findings are"
                    + " printed as they arise.")
    private boolean follow;

    @Option(
            names = "--allow-idle",
            description = "A journal in which nothing was exercised counts as clean, not as unknown.")
    private boolean allowIdle;

    @Option(
            names = "--monitor",
            completionCandidates = Candidates.Monitors.class,
            paramLabel = "FILE|NAME",
            description =
                    "Judge by this automaton too (DOT, as the kernel's Runtime Verification has it), one for each"
                            + " CPU; global:FILE for one that follows all CPUs, final:FILE for one that must end in a final state. 'checks' lists those that have a NAME.")
    private List<String> monitorOptions = new ArrayList<>();

    private final List<MonitorCheck.Maker> monitors = new ArrayList<>();
    private final StringBuilder monitorTexts = new StringBuilder();
    private final Groups groups = new Groups();
    private Severity worst = Severity.CLEAN;
    private long failed;
    private long skipped;
    private long unknown;
    private long unreadable;
    private long idle;
    private @Nullable JournalVerdicts last;

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to name source lines
     */
    CheckCommand(Code.Finder code) {
        this.code = code;
    }

    @Override
    protected ExitCode execute() throws Exception {
        for (String option : monitorOptions) {
            MonitorOption monitor = MonitorOption.read(option);
            MonitorCheck.Maker maker = monitor.maker();
            List<String> unknown = maker.make().unknownEvents();
            if (!unknown.isEmpty()) {
                console()
                        .err()
                        .println("trapline: " + monitor.file() + ": no event of a journal is called "
                                + String.join(", ", unknown)
                                + ", so none occurs; a file NAME.map beside it can name what is meant");
            }
            monitors.add(maker);
            monitorTexts.append('\n').append(monitor.text()).append(monitor.way());
        }
        if (json() && format != null && format != Format.json) {
            throw new UserError(ExitCode.USAGE, "--json and --format " + format + " are two formats: give one");
        }
        if (threads < 1) {
            throw new UserError(ExitCode.USAGE, "--threads " + threads + ": at least 1");
        }
        if (follow) {
            return follow();
        }
        if (resumeFile != null) {
            Outputs.requireParent(resumeFile);
        }
        JournalFinder.Found found = JournalFinder.find(paths);
        List<Path> journals = verified(found.journals());
        try (ResumeFile resume = resumeFile == null ? null : ResumeFile.open(Inputs.file(resumeFile), checksKey())) {
            if (resume != null) {
                journals = remaining(journals, resume);
            }
            VerdictWriter writer = writer(journals.size());
            Progress progress = new Progress(console(), journals.size());
            writer.begin(journals.size());
            try {
                new BatchRun(this::checks, threads, code)
                        .run(journals, verdicts -> take(verdicts, writer, resume, progress));
            } finally {
                progress.end();
            }
            writer.end(groups);
        }
        if (found.linksSkipped() > 0) {
            err().println(Words.count(found.linksSkipped(), "symbolic link", "symbolic links")
                    + " skipped; name a link to have it followed");
        }
        if (found.linksOut() > 0) {
            worst = worst.worse(Severity.UNKNOWN);
        }
        err().println(summary(journals.size()));
        return ExitCode.of(worst);
    }

    /** Those that somebody known vouches for, or all if that is not asked for. */
    private List<Path> verified(List<Path> journals) throws IOException {
        if (keys == null) {
            return journals;
        }
        List<Path> good = new ArrayList<>();
        for (Path path : journals) {
            String problem = Files.isDirectory(path)
                    ? "a journal is not signed; bundle --sign makes a bundle that is"
                    : SshSignature.problem(path, keys);
            if (problem.isEmpty()) {
                good.add(path);
            } else {
                complain(path + ": not judged: " + problem);
                worst = worst.worse(Severity.UNREADABLE);
                unreadable++;
            }
        }
        return good;
    }

    private ExitCode follow() throws IOException {
        if (paths.size() > 1 || resumeFile != null) {
            throw new UserError(ExitCode.USAGE, "--follow takes one journal, and no --resume");
        }
        try (Opened opened = Opened.journal(paths.get(0), code)) {
            boolean text = format() == Format.text;
            new FollowedCheck(opened, checks(), console(), verbose, text ? null : writer(1)).run(verdicts -> {
                note(verdicts);
                warn(verdicts.path(), verdicts.complaint());
                err().println(summary(1));
            });
        }
        return ExitCode.of(worst);
    }

    /** Names what judges: another version, or other monitors, may say something else of the same journal. */
    private String checksKey() {
        StringBuilder key = new StringBuilder(ToolVersion.TOOL);
        checks().forEach(check -> key.append(' ').append(check.info().id()));
        return key.append(monitorTexts).toString();
    }

    private List<Check> checks() {
        List<Check> all = new ArrayList<>(Checks.all());
        monitors.forEach(monitor -> all.add(monitor.make()));
        return all;
    }

    private List<Path> remaining(List<Path> journals, ResumeFile resume) {
        List<Path> rest = new ArrayList<>();
        for (Path path : journals) {
            if (resume.isClean(path)) {
                skipped++;
            } else {
                rest.add(path);
            }
        }
        return rest;
    }

    private Format format() {
        return json() ? Format.json : format == null ? Format.text : format;
    }

    private VerdictWriter writer(int journals) {
        return switch (format()) {
            case text -> new CheckText(out(), console(), verbose);
            case json ->
                journals == 1
                        ? verdicts -> out().println(Json.pretty(VerdictJson.of(verdicts)))
                        : new NdjsonWriter(out());
            case junit -> new JunitWriter(out());
            case sarif ->
                new SarifWriter(out(), checks().stream().map(Check::info).toList(), ToolVersion.TOOL);
            case ktap -> new KtapWriter(out());
        };
    }

    private void take(JournalVerdicts verdicts, VerdictWriter writer, @Nullable ResumeFile resume, Progress progress) {
        note(verdicts);
        groups.add(verdicts);
        boolean unreadableNow = !verdicts.error().isEmpty();
        if (console().outIsTerminal() || unreadableNow || !verdicts.complaint().isEmpty()) {
            progress.end();
        }
        writer.journal(verdicts);
        warn(verdicts.path(), verdicts.complaint());
        if (unreadableNow) {
            complain(verdicts.error());
        }
        progress.add(verdicts.events());
        if (!unreadableNow && resume != null) {
            try {
                resume.add(verdicts);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void note(JournalVerdicts verdicts) {
        worst = worst.worse(verdicts.severity(allowIdle));
        failed += verdicts.count(Verdict.FAIL) > 0 ? 1 : 0;
        unknown += verdicts.severity(true) == Severity.UNKNOWN ? 1 : 0;
        unreadable += verdicts.error().isEmpty() ? 0 : 1;
        idle += verdicts.exercisedNothing() ? 1 : 0;
        last = verdicts;
    }

    private String summary(int journals) {
        JournalVerdicts only = last;
        if (journals == 1 && unreadable == 0 && only != null && only.error().isEmpty()) {
            return only.path() + ": " + only.count(Verdict.PASS) + " passed, " + only.count(Verdict.FAIL) + " failed, "
                    + only.count(Verdict.UNKNOWN) + " unknown, " + only.count(Verdict.NOT_EXERCISED)
                    + " not exercised";
        }
        return Words.count(Math.max(0, journals - (keys == null ? unreadable : 0)), "journal", "journals") + " judged, "
                + failed + " with findings"
                + (idle > 0 ? ", " + idle + " in which nothing was exercised" : "")
                + (unknown > 0 ? ", " + unknown + " unknown" : "")
                + (unreadable > 0 ? ", " + unreadable + " unreadable" : "")
                + (skipped > 0 ? ", " + skipped + " skipped as clean before" : "");
    }
}
