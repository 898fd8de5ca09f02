package trapline.analyze;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.events.EventText;
import trapline.export.CsvExport;
import trapline.export.PerfettoExport;
import trapline.replay.Guest;
import trapline.replay.Replay;
import trapline.replay.ReplayState;

/** {@code export}: a run for other tools. */
@Command(name = "export", description = "Writes a journal in the format of another tool: perfetto or csv.")
final class ExportCommand extends ToolCommand {

    @Parameters(index = "0", paramLabel = "PATH", description = "A journal.")
    private @Nullable Path path;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            required = true,
            description = "perfetto (opens in ui.perfetto.dev) or csv (a row for each event).")
    private String format = "";

    @Option(names = "-o", paramLabel = "FILE", description = "The file (default: standard output).")
    private @Nullable Path file;

    @Override
    protected ExitCode execute() throws IOException {
        if (!List.of("perfetto", "csv").contains(format)) {
            throw new UserError(ExitCode.USAGE, "--to " + format + ": there is perfetto and csv");
        }
        try (Opened opened = Opened.journal(Objects.requireNonNull(path))) {
            if (file == null) {
                write(opened, out());
            } else {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                    write(opened, out);
                }
            }
            return outcome(opened.journal());
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private void write(Opened opened, OutputStream out) throws IOException {
        if (format.equals("csv")) {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
            opened.journal().read(new CsvExport(writer, opened.tables()));
            writer.flush();
            return;
        }
        Guest guest = new Guest(opened.tables());
        String name = opened.header().name()
                + (opened.header().flow().isEmpty()
                        ? ""
                        : ", " + opened.header().flow());
        Replay replay = new Replay(
                new ReplayState(guest), List.of(new PerfettoExport(out, name, guest, new EventText(opened.tables()))));
        opened.journal().read(replay);
        replay.end();
    }
}
