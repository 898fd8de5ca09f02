package trapline.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.BlockInfo;
import trapline.block.JournalHeader;
import trapline.bundle.Bundle;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.recording.Recipe;
import trapline.recording.RecordedGuest;
import trapline.recording.Recording;
import trapline.recording.ScratchJournal;
import trapline.recording.Semantics;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.text.EventText;

/** {@code trapline repro}. */
@Command(
        name = "repro",
        description = "Run again what a recipe or a journal came from, and compare every event.",
        footer = {
            "",
            "A recipe is found anywhere in a text, such as a saved mail; - reads standard input. Ends with 0 "
                    + "if the run gave the same events, with 5 if not, and then shows the first event that differs: the run "
                    + "ends there."
        })
final class ReproCommand extends ToolCommand {

    private static final int SCHEMA_VERSION = 1;
    private static final int TEXT_BYTES_MAX = 16 << 20;
    private static final long KEPT_BYTES_MAX = 4L << 30;
    private static final int SCRATCH_FILE_BYTES = 64 << 20;

    @Parameters(
            paramLabel = "RECIPE|BUNDLE|JOURNAL",
            description = "A text with a recipe in it, a bundle or a journal.")
    private String source = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Keep the journal of the run there.")
    private @Nullable Path output;

    @Option(
            names = "--steps-max",
            paramLabel = "N",
            description =
                    "End the run there at the latest, or one step past what the journal has; default 300 million.")
    private long stepsMax = 300_000_000;

    @Override
    protected ExitCode execute() throws IOException {
        if (output != null) {
            Outputs.requireFree(output);
        }
        return !source.equals("-") && isJournal(Path.of(source)) ? fromJournal() : fromRecipe(recipe());
    }

    /** A journal is a directory, a bundle a zip file, perhaps with something in front; no text has zero bytes. */
    private static boolean isJournal(Path path) throws IOException {
        return Files.isDirectory(path) || new String(readFile(path), StandardCharsets.ISO_8859_1).indexOf('\0') >= 0;
    }

    private ExitCode fromRecipe(Recipe recipe) throws IOException {
        if (recipe.digest().isEmpty()) {
            throw new UserError(ExitCode.UNREADABLE, source + ": the recipe has no digest to compare with");
        }
        requireSemantics(recipe.semantics());
        Scenario scenario;
        try {
            scenario = recipe.toScenario(source);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, source + ": " + e.getMessage(), e);
        } catch (ScenarioException e) {
            throw new UserError(
                    ExitCode.UNREADABLE,
                    source + ": the recipe: " + e.problems().get(0),
                    e);
        }
        if (!scenario.isOfCatalogueGuests()) {
            throw new UserError(
                    ExitCode.UNREADABLE, source + ": the recipe names files; only the catalogue can be used");
        }
        Recording recording = Runs.prepare(scenario, recipe.eflagsAll(), err());
        if (!Recipe.guest(recording.header().images()).equals(recipe.guest())) {
            throw new UserError(
                    ExitCode.NOT_REPRODUCED,
                    source + ": the recipe is of other guest objects than this trapline carries; use the version that"
                            + " made it, or ask for the bundle, which has them");
        }
        try (ScratchJournal scratch = new ScratchJournal(output)) {
            recording.stopAt(stepsMax);
            Recording.Result result =
                    Runs.interruptibly(recording, err(), () -> recording.run(scratch.path(), storage(), null));
            if (result.end().steps() >= stepsMax) {
                err().println(source + ": the run has not ended by step " + stepsMax + beyond());
                return ExitCode.LOSSY;
            }
            String digest = result.footer().digest();
            if (!digest.equals(recipe.digest())) {
                err().println("digest " + digest + " instead of " + recipe.digest()
                        + "; with the journal or the bundle, repro shows the first event that differs");
            }
            return verdict(digest.equals(recipe.digest()), recipe.digest(), digest, null);
        }
    }

    private Recipe recipe() throws IOException {
        byte[] bytes = source.equals("-") ? System.in.readNBytes(TEXT_BYTES_MAX) : readFile(Path.of(source));
        return recipe(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private Recipe recipe(String text) {
        try {
            Recipe recipe = Recipe.find(text);
            if (recipe == null) {
                throw new UserError(
                        ExitCode.UNREADABLE,
                        source + ": neither a journal nor a text with a recipe; where no recipe is enough, ask for the"
                                + " bundle (trapline bundle)");
            }
            return recipe;
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, source + ": " + e.getMessage(), e);
        }
    }

    private static byte[] readFile(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(TEXT_BYTES_MAX);
        }
    }

    private static void requireSemantics(int semantics) {
        if (semantics != Semantics.VERSION) {
            throw new UserError(
                    ExitCode.NOT_REPRODUCED,
                    "recorded with machine semantics " + semantics + ", this trapline has " + Semantics.VERSION
                            + "; use a version that has " + semantics);
        }
    }

    private ExitCode fromJournal() throws IOException {
        try (Journal journal = Bundle.journal(Path.of(source))) {
            JournalHeader header = journal.header();
            if (!header.scenario().isEmpty()) {
                requireSemantics(header.semantics());
                return repeat(journal);
            }
            if (!header.recipe().isEmpty()) {
                return fromRecipe(recipe(header.recipe())); // a mail's
            }
            throw new UserError(ExitCode.UNREADABLE, source + ": has no scenario: it was not recorded by trapline");
        }
    }

    private ExitCode repeat(Journal journal) throws IOException {
        JournalHeader header = journal.header();
        Recording recording = RecordedGuest.prepare(source, header);
        boolean interrupted = journal.footer()
                .map(f -> f.end().equals(HaltReason.INTERRUPTED.label()))
                .orElse(false);
        long ceiling = interrupted ? lastStep(journal) + 1 : ceiling(lastStep(journal));
        recording.stopAt(ceiling);
        RunningComparison comparison = new RunningComparison(journal, recording::interrupt);
        try (ScratchJournal scratch = new ScratchJournal(output)) {
            Recording.Result result =
                    Runs.interruptibly(recording, err(), () -> recording.run(scratch.path(), storage(), comparison));
            String recorded = journal.footer().map(f -> f.digest()).orElse("");
            String digest = result.footer().digest();
            boolean cut = !interrupted && result.end().steps() >= ceiling;
            FirstDifference difference = cut ? null : comparison.end();
            if (cut) {
                err().println(source + ": what can be compared is the same up to step " + ceiling + beyond());
                return ExitCode.LOSSY;
            }
            if (interrupted && isItsEnd(difference, journal)) {
                return verdict(true, recorded, recorded, null);
            }
            if (difference == null && journal.lacksRecorded()) {
                err().println(source + ": the events that can be read are the same");
                return outcome(journal);
            }
            if (difference == null && !recorded.equals(digest)) {
                err().println(source + ": the events that it has are the same, but its digest is of others");
            }
            return verdict(
                    difference == null && recorded.equals(digest), recorded, digest, explain(difference, header));
        }
    }

    /** The last step that can be read of a journal: what its footer says is nobody's word. */
    private static long lastStep(Journal journal) {
        List<BlockInfo> blocks = journal.blocks();
        return blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).lastStep();
    }

    /** One step past the events that can be read, or as far as is allowed. */
    private long ceiling(long lastStep) {
        return Math.max(lastStep + 1, stepsMax);
    }

    private static String beyond() {
        return ", where the run was ended; --steps-max lets it go on";
    }

    /** A run that is only compared needs no more of a journal than its end. */
    private JournalOptions storage() {
        return output != null
                ? JournalOptions.DEFAULT.withBytesMax(KEPT_BYTES_MAX)
                : JournalOptions.DEFAULT.withRollBytes(SCRATCH_FILE_BYTES).withKeepLast(1);
    }

    /** Where a run was interrupted is nothing of the scenario's: all before must be the same. */
    private static boolean isItsEnd(@Nullable FirstDifference difference, Journal journal) {
        return difference != null
                && difference.ordinal() == journal.events() - 1
                && difference.recorded() != null
                && difference.recorded().kind() == EventKind.HALT;
    }

    private ExitCode verdict(boolean same, String recorded, String repeated, @Nullable Map<String, String> difference) {
        if (json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("reproduced", same);
            document.put("recordedDigest", recorded);
            document.put("repeatedDigest", repeated);
            if (difference != null) {
                document.put("firstDifference", difference);
            }
            printJson(SCHEMA_VERSION, document);
        } else {
            out().println(same ? "reproduced: " + recorded : "NOT reproduced");
            if (difference != null) {
                difference.forEach((what, text) -> out().println(what + ": " + text));
            }
        }
        return same ? ExitCode.CLEAN : ExitCode.NOT_REPRODUCED;
    }

    private static @Nullable Map<String, String> explain(@Nullable FirstDifference d, JournalHeader header) {
        if (d == null) {
            return null;
        }
        EventText text = new EventText(header.textTables());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("event", Long.toString(d.ordinal()));
        lines.put("recorded", line(text, d.recorded()));
        lines.put("repeated", line(text, d.repeated()));
        lines.put("stateRecorded", state(d.recordedState(), header.observed()));
        lines.put("stateRepeated", state(d.repeatedState(), header.observed()));
        return lines;
    }

    private static String line(EventText text, @Nullable Event event) {
        return event == null ? "(ended)" : text.line(event);
    }

    /** One line: the running CPU, its flags and frames, and what the kernel says about its probes. */
    private static String state(StreamState state, List<Observed> observed) {
        int cpu = state.runningCpu();
        StringBuilder out = new StringBuilder("step " + state.step() + " cpu" + cpu + " icount " + state.icount(cpu)
                + " eflags " + Integer.toHexString(state.eflags(cpu)) + " frames " + state.frameDepth(cpu));
        for (int row = 0; row < observed.size(); row++) {
            Observed object = observed.get(row);
            if (object.kind() == ObservedKind.STATUS
                    || object.kind() == ObservedKind.CURRENT
                    || object.kind() == ObservedKind.WATCH) {
                long value = state.variable(row, object.count() > 1 ? cpu : 0);
                out.append(' ').append(object.name()).append('=').append(Long.toHexString(value));
            }
        }
        return out.toString();
    }
}
