package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.Words;
import trapline.commands.LiveCheck;
import trapline.recording.GuestCode;
import trapline.recording.OldJournal;
import trapline.recording.Recording;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;

/** {@code trapline tour}: the first run. */
@Command(
        name = "tour",
        description = "Record three scenarios, check them, show what a probe costs, and say what to try next.")
final class TourCommand extends ToolCommand {

    private static final List<String> SCENARIOS = List.of("plain-probe", "reenter-in-pre-handler", "probe-on-int3");

    private static final int TEXT_COLUMNS = 80;

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where the journals go; default trapline-tour here.")
    private @Nullable Path output;

    @Override
    protected ExitCode execute() throws IOException {
        Path folder = output == null ? Path.of("trapline-tour") : output;
        Outputs.requireNewDirectory(folder, force);
        Files.createDirectories(folder);
        String welcome = "Three runs of real handler code, compiled for i386, on an emulated CPU that records every"
                + " trap, every kprobe_status transition and every EFLAGS write.";
        Words.wrap(welcome, Math.min(console().columns(), TEXT_COLUMNS), "").forEach(out()::println);
        List<String> latency = new ArrayList<>(List.of("latency"));
        for (int i = 0; i < SCENARIOS.size(); i++) {
            Path journal = folder.resolve(SCENARIOS.get(i) + ".journal");
            stop(i + 1, Runs.scenario(SCENARIOS.get(i), new Overrides(), err()), journal);
            latency.add(journal.toString());
        }
        out().println();
        out().println(bold("What a probe costs, in retired instructions"));
        out().println();
        TraplineMain.tool(console()).run(latency.toArray(String[]::new));
        next(folder);
        return ExitCode.CLEAN;
    }

    private void stop(int number, Scenario scenario, Path journal) throws IOException {
        if (Files.exists(journal)) {
            OldJournal.remove(journal);
        }
        Recording recording = Runs.prepare(scenario, true, err());
        LiveCheck live = new LiveCheck(recording.header());
        Recording.Result result = recording.run(journal, live);
        out().println();
        out().println(bold(number + ". " + scenario.title()));
        Words.wrap(scenario.expect().strip(), Math.min(console().columns(), TEXT_COLUMNS), "   ")
                .forEach(out()::println);
        out().println(String.format(
                Locale.ROOT,
                "   recorded: %,d events of %,d instructions, digest %s…",
                result.footer().events(),
                result.end().steps(),
                result.footer().digest().substring(0, 16)));
        out().println();
        live.end(journal, GuestCode::of).print(console());
    }

    private void next(Path folder) {
        String first = folder.resolve(SCENARIOS.get(0) + ".journal").toString();
        String last = folder.resolve(SCENARIOS.get(2) + ".journal").toString();
        out().println();
        out().println(bold("The journals are in " + folder + ". Try next:"));
        hint("trapline show " + first, "every event, one a line");
        hint("trapline check " + last, "the defect above, from the journal alone");
        hint("trapline repro " + first, "run it again: the same events, bit for bit");
        hint("trapline compare probe-on-int3", "the same stimulus under every handler flow");
        hint("trapline report " + last, "a page of the run, to look at and to pass on");
        hint("trapline scenarios", "what else there is to run");
        out().println();
        out().println(bold("And the patch of a mail, beside what it changes:"));
        hint("trapline record nmi-during-step -o old.journal", "the handler of 2.6.24");
        hint("trapline record nmi-during-step --flow patch-2008-01-01 -o new.journal", "the patch");
        hint("trapline diff old.journal new.journal", "where they part, and why");
    }

    private void hint(String command, String what) {
        out().println(String.format("  %-55s # %s", command, what));
    }

    private String bold(String text) {
        return console().color() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
