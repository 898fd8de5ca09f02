package trapline.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.bundle.Bundle;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.WholeOutput;
import trapline.diff.Code;
import trapline.journal.Journal;
import trapline.report.ReportPage;

/** {@code report}: a page to forward. */
@Command(
        name = "report",
        description =
                "Writes one self-contained HTML page: verdicts, timeline, latencies; of two runs also what differs.")
final class ReportCommand extends ToolCommand {

    @Parameters(index = "0", paramLabel = "PATH", description = "A journal.")
    private @Nullable Path path;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH2", description = "Another run to compare it with.")
    private @Nullable Path other;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The page (default: report.html).")
    private Path page = Path.of("report.html");

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    private final Code.Finder code;

    /**
     * A command.
     *
     * @param code finds the code of a journal's guest, to show the instructions at its events
     */
    ReportCommand(Code.Finder code) {
        this.code = code;
    }

    record Document(String page, long bytes) {}

    @Override
    protected ExitCode execute() throws IOException {
        Outputs.requireNew(page, force);
        ExitCode read;
        ReportPage.Made made;
        try (Journal journal = Bundle.journal(Objects.requireNonNull(path))) {
            if (other == null) {
                made = ReportPage.of(journal, code.of(journal));
                read = outcome(journal);
            } else {
                try (Journal second = Bundle.journal(other)) {
                    made = ReportPage.of(journal, second, code);
                    read = outcome(journal, second);
                }
            }
        }
        byte[] bytes = made.html().getBytes(StandardCharsets.UTF_8);
        writing(page, () -> WholeOutput.write(page, partial -> Files.write(partial, bytes)));
        if (json()) {
            printJson(1, new Document(page.toString(), bytes.length));
        } else {
            err().println(page + ": " + (bytes.length + 1023) / 1024 + " KB; open it in any browser");
        }
        return made.whole() ? read : read.worse(ExitCode.LOSSY);
    }
}
