package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.JournalFooter;
import trapline.bundle.Bundle;
import trapline.bundle.GuestFolder;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.WholeOutput;
import trapline.cli.Words;
import trapline.journal.Journal;
import trapline.journal.JournalCopy;

/** {@code recover}: a new journal of what can be read. */
@Command(
        name = "recover",
        description = "Writes a new journal of all blocks that are good, with lost events in the gaps.",
        footer = {"", "Ends with 3 if something is missing: checks over the new journal say UNKNOWN where it matters."})
final class RecoverCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", description = "Journal or bundle.")
    private Path path = Path.of(".");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The new journal; NAME.recovered.journal if not given.")
    private @Nullable Path output;

    record Document(String journal, long events, long gaps, String digest) {}

    @Override
    protected ExitCode execute() throws IOException {
        Path to = output != null ? output : Path.of(Words.baseName(path) + ".recovered.journal");
        Outputs.requireFree(to);
        JournalFooter footer;
        ExitCode read;
        try (Journal journal = Bundle.journal(path)) {
            footer = recover(journal, to);
            read = outcome(journal);
        }
        long gaps = footer.lost();
        if (json()) {
            printJson(1, new Document(to.toString(), footer.events() - gaps, gaps, footer.digest()));
        } else {
            err().println(to + ": " + Words.count(footer.events() - gaps, "event", "events") + ", "
                    + (gaps == 0 ? "nothing is missing" : Words.count(gaps, "gap", "gaps")));
        }
        return gaps == 0 ? read : ExitCode.LOSSY;
    }

    private JournalFooter recover(Journal journal, Path to) throws IOException {
        JournalFooter[] footer = new JournalFooter[1];
        WholeOutput.write(to, partial -> {
            footer[0] = JournalCopy.recover(journal, partial);
            GuestFolder.copy(path, journal.header().images(), partial);
        });
        return footer[0];
    }
}
