package trapline.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.cli.ExitCode;
import trapline.cli.Json;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.explore.Stimulus;
import trapline.explore.WindowMap;
import trapline.explore.WindowPage;
import trapline.recording.Semantics;
import trapline.review.B4Check;
import trapline.review.ReplyMail;
import trapline.review.Report;
import trapline.review.ReportFiles;
import trapline.review.ReportPage;
import trapline.review.Review;
import trapline.scenario.Catalogue;
import trapline.scenario.Overrides;

/** {@code trapline review}. */
@Command(
        name = "review",
        description =
                "Answer the posting of a handler: run it and the one that it replaces over all scenarios and with a"
                        + " stimulus at every instruction, and say only what changed.",
        footer = {
            "",
            "NEW is a flow of the catalogue, a .c or .o file, or a patch or the mail it came in (- for standard input). Prints"
                    + " a mail. Ends with 1 only for what the base does not have."
        })
final class ReviewCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;
    private static final int AGAIN_DEFAULT = 1000;

    private enum Format {
        text,
        json,
        sarif,
        junit
    }

    @Parameters(arity = "0..1", paramLabel = "NEW", description = "The handler that was posted.")
    private @Nullable String posted;

    @Option(
            names = "--base",
            paramLabel = "F",
            description = "What it replaces: a flow, or a .c or .o file. Default: what a patch names, or linux-2.6.24.")
    private @Nullable String base;

    @Option(
            names = "--scenarios",
            paramLabel = "S",
            split = ",",
            description = "Scenario files or names; default: all of the catalogue.")
    private List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--inject",
            paramLabel = "X",
            split = ",",
            description =
                    "What is done at every instruction; default: nmi,switch. " + Stimulus.SYNTAX + "; none: no sweeps.")
    private List<String> injections = new ArrayList<>(List.of("nmi", "switch"));

    @Option(
            names = "--again",
            paramLabel = "N",
            description = "Run what shows a finding so often again (default: " + AGAIN_DEFAULT + ").")
    private int again = AGAIN_DEFAULT;

    @Option(
            names = "--mail",
            paramLabel = "FILE",
            description = "The mail to be answered, where NEW is not one itself.")
    private @Nullable Path mail;

    @Option(names = "--from", paramLabel = "WHO", description = "Who answers, for Reported-by: \"Name <address>\".")
    private String from = "";

    @Option(names = "--strict", description = "End with 1 for what the base has too.")
    private boolean strict;

    @Option(
            names = "--b4",
            description = "As a check of b4 review: the mail on standard input, a JSON array on standard output.")
    private boolean b4;

    @Option(names = "--threads", paramLabel = "N", description = "Runs at a time; default: one for each processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--format", description = "text, json, sarif or junit.")
    private Format format = Format.text;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "Write all of it there: mail, page, JSON, SARIF, JUnit, windows, and both journals of each finding.")
    private @Nullable Path folder;

    @Override
    protected ExitCode execute() throws IOException {
        if (again < 0 || threads < 1) {
            throw new UserError(ExitCode.USAGE, "--again: at least 0; --threads: at least 1");
        }
        if (folder != null) {
            Outputs.requireNewDirectory(folder, false);
        }
        try (ReviewScratch scratch = new ReviewScratch(folder)) {
            ReviewSides sides = new ReviewSides(scratch.path(), err());
            try {
                sides.resolve(b4 ? "-" : posted, base, mail);
            } catch (ReviewSides.NotAboutHandlers e) {
                if (!b4) {
                    throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
                }
                out().println("[]");
                return ExitCode.CLEAN;
            }
            return review(sides, scratch);
        }
    }

    private ExitCode review(ReviewSides sides, ReviewScratch scratch) throws IOException {
        List<Review.Pair> pairs = pairs(sides);
        List<Stimulus> stimuli = injections.equals(List.of("none")) ? List.of() : WindowsCommand.stimuli(injections);
        Review.Options options = new Review.Options(
                sides.base(),
                sides.now(),
                stimuli,
                "trapline " + ToolVersion.TOOL,
                again,
                scratch.journals(),
                folder != null,
                threads);
        try (RecordingProgress progress = new RecordingProgress(console(), 2 * pairs.size())) {
            Review review = new Review(options, progress::step);
            Report report = review.run(pairs);
            write(report, sides, review.maps());
            return exitCode(report);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private List<Review.Pair> pairs(ReviewSides sides) {
        List<String> names = scenarios.isEmpty() ? Catalogue.names("scenarios", ".yaml") : scenarios;
        List<Review.Pair> pairs = new ArrayList<>();
        for (String name : names) {
            pairs.add(new Review.Pair(
                    Runs.scenario(
                            name,
                            new Overrides()
                                    .add("--base", "flow", path(sides.base().run())),
                            err()),
                    Runs.scenario(
                            name,
                            new Overrides()
                                    .add("--flow", "flow", path(sides.now().run())),
                            err())));
        }
        return pairs;
    }

    /** A file's path says that it is one. */
    private static String path(String flow) {
        return Files.exists(Path.of(flow)) && !flow.contains("/") ? "./" + flow : flow;
    }

    private void write(Report report, ReviewSides sides, Map<String, WindowMap> maps) {
        String version = "trapline " + ToolVersion.TOOL + ", semantics " + Semantics.VERSION;
        String text = String.join("\n", ReplyMail.of(report, sides.posting(), from, version)) + "\n";
        Map<String, Object> document = ReportFiles.json(report);
        if (b4) {
            out().println(Json.pretty(B4Check.of(report, text)));
        } else if (json() || format == Format.json) {
            printJson(SCHEMA_VERSION, document);
        } else if (format == Format.sarif) {
            out().println(Json.pretty(ReportFiles.sarif(report, ToolVersion.TOOL)));
        } else if (format == Format.junit) {
            out().print(ReportFiles.junit(report));
        } else {
            out().print(text);
        }
        Path to = folder;
        if (to != null) {
            Map<String, String> files = new TreeMap<>();
            files.put("mail.txt", text);
            files.put("review.html", ReportPage.of(report, text, maps.keySet()));
            files.put("review.json", Json.text(SCHEMA_VERSION, document) + "\n");
            files.put("review.sarif", Json.pretty(ReportFiles.sarif(report, ToolVersion.TOOL)) + "\n");
            files.put("junit.xml", ReportFiles.junit(report));
            if (sides.wasPatched()) {
                files.put(sides.now().given(), sides.now().source());
            }
            maps.forEach((name, map) -> files.put(ReportPage.windows(name), page(name, map)));
            files.forEach((name, content) -> writing(
                    to.resolve(name), () -> Files.write(to.resolve(name), content.getBytes(StandardCharsets.UTF_8))));
            err().println(to + ": mail.txt, review.html, review.json, review.sarif, junit.xml written");
        }
    }

    private static String page(String scenario, WindowMap map) {
        String title = String.join(" against ", map.flows()) + ", " + scenario;
        return WindowPage.of(title, Json.line(WindowsCommand.document(map, scenario)));
    }

    private ExitCode exitCode(Report report) {
        if (report.worse() || (strict && !report.known().isEmpty())) {
            return ExitCode.FINDING;
        }
        boolean judged = report.rows().stream().anyMatch(trapline.review.Row::judged);
        return judged && report.troubled().isEmpty() ? ExitCode.CLEAN : ExitCode.LOSSY;
    }
}
