package trapline.spark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.api.java.function.Function;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.WholeOutput;
import trapline.commands.CheckText;
import trapline.export.DataSet;
import trapline.tables.JournalTables;
import trapline.tables.Table;
import trapline.verdicts.Groups;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.NdjsonWriter;
import trapline.verdicts.Tally;
import trapline.verdicts.VerdictWriter;

/** Judges one load. Only output that cannot be written makes it fail; what cannot be read is a row. */
final class LoadTask implements Function<LoadSpec, String> {

    private final CheckPlan plan;

    LoadTask(CheckPlan plan) {
        this.plan = plan;
    }

    @Override
    public String call(LoadSpec load) throws IOException {
        OutputFolder folder = new OutputFolder(Path.of(plan.output()));
        Path attempt = folder.attempt(load.part());
        try {
            LoadOutcome outcome = judge(load, attempt);
            folder.commit(load.part(), attempt, outcome);
            return outcome.json();
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        } finally {
            WholeOutput.removeTree(attempt);
        }
    }

    private LoadOutcome judge(LoadSpec load, Path attempt) throws IOException {
        List<Groups.Failure> failures = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        Tally tally = Tally.NONE;
        Set<Table> tables = EnumSet.noneOf(Table.class);
        plan.tables().forEach(name -> tables.add(Table.valueOf(name)));
        try (OutputStream bytes =
                        new BufferedOutputStream(OutputFolder.create(attempt, plan.printed(load.part())), 1 << 16);
                PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
                DataSet set = new DataSet(
                        name -> OutputFolder.create(attempt, name), DataSet.Form.PARQUET, load.part(), tables)) {
            Console console = Console.plain(out, out);
            VerdictWriter writer =
                    plan.json() ? new NdjsonWriter(console.out()) : new CheckText(console.out(), console, false);
            writer.begin(plan.journals());
            JournalTables rows = new JournalTables(Checks::all, set.rows());
            for (String journal : load.journals()) {
                JournalVerdicts verdicts = Objects.requireNonNull(rows.write(Path.of(journal)));
                writer.journal(verdicts);
                tally = tally.plus(Tally.of(verdicts, plan.allowIdle()));
                failures.addAll(Groups.failures(verdicts));
                message(verdicts, messages);
            }
            console.out().flush();
            if (out.checkError()) {
                throw new IOException(plan.printed(load.part()) + ": cannot be written");
            }
        }
        return new LoadOutcome(load.key(), load.journals().size(), tally, failures, messages);
    }

    private static void message(JournalVerdicts verdicts, List<String> messages) {
        if (!verdicts.error().isEmpty()) {
            messages.add(verdicts.error());
        } else if (!verdicts.complaint().isEmpty()) {
            messages.add(verdicts.path() + ": " + verdicts.complaint());
        }
    }
}
