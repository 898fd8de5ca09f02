package trapline.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.bundle.Bundle;
import trapline.bundle.GuestFolder;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;
import trapline.cli.Words;
import trapline.journal.Journal;
import trapline.journal.JournalCopy;

/** {@code unbundle}: the parts of a bundle as files. */
@Command(
        name = "unbundle",
        description = "Unpacks a bundle into a new folder: its files, and its journal.",
        footer = {
            "",
            "Nothing in a bundle is compiled or run, and nothing is written outside the new folder. Of a "
                    + "slice the journal holds no more than the slice; the rest shows as missing."
        })
final class UnbundleCommand extends ToolCommand {

    @Parameters(paramLabel = "BUNDLE", description = "Bundle.")
    private Path path = Path.of(".");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The new folder; the bundle's name without .trap if not given.")
    private @Nullable Path output;

    record Document(String folder, String journal, long events, List<String> altered) {}

    @Override
    protected ExitCode execute() throws IOException {
        Path folder = output != null ? output : Path.of(Words.baseName(path));
        if (Files.isDirectory(path)) {
            throw new UserError(
                    ExitCode.UNREADABLE, path + ": is a directory; a bundle is one file, as bundle makes it");
        }
        Outputs.requireFree(folder);
        try (Bundle bundle = Bundle.open(path);
                Journal journal = Bundle.journal(path)) {
            String name = Words.baseName(path) + ".journal";
            WholeOutput.write(folder, partial -> {
                Files.createDirectory(partial);
                bundle.unpack(partial);
                JournalCopy.copy(journal, partial.resolve(name));
                GuestFolder.copy(path, journal.header().images(), partial.resolve(name));
            });
            Path target = folder.resolve(name);
            List<String> altered = bundle.altered();
            altered.forEach(part -> err().println(part + " is not what the manifest says"));
            if (json()) {
                printJson(1, new Document(folder.toString(), target.toString(), journal.events(), altered));
            } else {
                err().println(target + ": " + Words.count(journal.events(), "event", "events"));
            }
            journal.read(event -> {}); // the blocks were copied unread
            ExitCode read = outcome(journal);
            return altered.isEmpty() ? read : read.worse(ExitCode.LOSSY);
        }
    }
}
