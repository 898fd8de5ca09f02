package trapline.analyze;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

    @Option(names = "-o", paramLabel = "FILE", description = "The page (default: report.html).")
    private Path page = Path.of("report.html");

    record Document(String page, long bytes) {}

    @Override
    protected ExitCode execute() throws IOException {
        ExitCode read;
        String html;
        try (Journal journal = Journal.open(Objects.requireNonNull(path))) {
            if (other == null) {
                html = ReportPage.of(journal);
                read = outcome(journal);
            } else {
                try (Journal second = Journal.open(other)) {
                    html = ReportPage.of(journal, second);
                    read = outcome(journal, second);
                }
            }
        }
        byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
        Files.write(page, bytes);
        if (json()) {
            printJson(1, new Document(page.toString(), bytes.length));
        } else {
            err().println(page + ": " + (bytes.length + 1023) / 1024 + " KB; open it in any browser");
        }
        return read;
    }
}
