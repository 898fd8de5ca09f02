package trapline.commands;

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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.JournalHeader;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;
import trapline.cli.Words;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.export.CsvExport;
import trapline.export.DataSet;
import trapline.export.ParquetExport;
import trapline.export.PerfettoExport;
import trapline.replay.Guest;
import trapline.replay.Replay;
import trapline.replay.ReplayState;
import trapline.tables.Table;
import trapline.text.EventText;
import trapline.verdicts.JournalFinder;
import trapline.verdicts.JournalVerdicts;

/** {@code export}: a run for other tools. */
@Command(
        name = "export",
        description =
                "Writes a journal in the format of another tool (perfetto, csv, parquet), or any number of them as a"
                        + " data set for SQL.")
final class ExportCommand extends ToolCommand {

    private static final List<String> FORMATS = List.of("perfetto", "csv", "parquet", "jsonl");

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "A journal; for a data set journals, bundles, or directory trees of them.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--to",
            completionCandidates = Candidates.Exports.class,
            paramLabel = "FORMAT",
            required = true,
            description =
                    "perfetto (opens in ui.perfetto.dev), csv or parquet (a row for each event, arithmetic included);"
                            + " parquet or jsonl to a directory: a data set of all tables of 'man schema'.")
    private String format = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file (default: standard output). Of parquet, a name that does not end in .parquet is the"
                    + " directory of a data set, which must not exist.")
    private @Nullable Path file;

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(
            names = "--flags",
            paramLabel = "WHICH",
            description = "Of perfetto, EFLAGS bits to show as counters: all, control (no arithmetic; a far smaller"
                    + " file) or none. Default: all.")
    private @Nullable String flags;

    private boolean lossy;
    private long events;
    private long unreadable;

    record DataSetDocument(
            String directory, String format, int journals, long unreadable, long events, boolean whole) {}

    record Document(String file, String format, long bytes, boolean whole) {}

    @Override
    protected ExitCode execute() throws IOException {
        if (!FORMATS.contains(format)) {
            throw new UserError(ExitCode.USAGE, "--to " + format + ": there is " + String.join(", ", FORMATS));
        }
        if (json() && file == null) {
            throw new UserError(ExitCode.USAGE, "--json tells of a file that is written: name it with -o");
        }
        if (format.equals("jsonl") && file == null) {
            throw new UserError(ExitCode.USAGE, "--to jsonl makes a data set: name its directory with -o");
        }
        if (isDataSet()) {
            Outputs.requireFree(Objects.requireNonNull(file));
        } else if (file != null) {
            Outputs.requireNew(file, force);
        } else if (console().outIsTerminal() && !format.equals("csv")) {
            throw new UserError(
                    ExitCode.USAGE, format + " is binary and not for a terminal: name a file with -o, or pipe it");
        }
        PerfettoExport.Flags wanted = flags();
        if (isDataSet()) {
            return dataSet(Objects.requireNonNull(file));
        }
        if (paths.size() > 1) {
            throw new UserError(
                    ExitCode.USAGE, "several journals make a data set: --to parquet or jsonl, and a directory with -o");
        }
        try (Opened opened = Opened.journal(paths.get(0))) {
            if (file == null) {
                write(opened, out(), wanted);
            } else {
                Path to = file;
                writing(
                        to,
                        () -> WholeOutput.write(to, partial -> {
                            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16)) {
                                write(opened, out, wanted);
                            } catch (UncheckedIOException e) {
                                throw Objects.requireNonNull(e.getCause());
                            }
                        }));
                tell(to);
            }
            ExitCode read = outcome(opened.journal());
            return lossy ? read.worse(ExitCode.LOSSY) : read;
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private boolean isDataSet() {
        Path to = file;
        boolean one = to != null && (to.toString().endsWith(".parquet") || Files.isRegularFile(to));
        return to != null && (format.equals("jsonl") || (format.equals("parquet") && !one));
    }

    private ExitCode dataSet(Path to) throws IOException {
        DataSet.Form form = format.equals("jsonl") ? DataSet.Form.JSONL : DataSet.Form.PARQUET;
        List<Path> journals = JournalFinder.find(paths).journals();
        DataSetExport export = new DataSetExport(Checks::all, EnumSet.allOf(Table.class), form);
        writing(to, () -> lossy = export.write(journals, to, this::count) > 0);
        if (json()) {
            boolean whole = !lossy && unreadable == 0;
            printJson(1, new DataSetDocument(to.toString(), format, journals.size(), unreadable, events, whole));
        } else {
            err().println(to + ": " + Words.count(journals.size(), "journal", "journals") + ", "
                    + Words.count(events, "event", "events")
                    + (unreadable > 0 ? ", " + unreadable + " unreadable" : ""));
        }
        ExitCode code = lossy ? ExitCode.LOSSY : ExitCode.CLEAN;
        return unreadable > 0 ? code.worse(ExitCode.UNREADABLE) : code;
    }

    private void count(JournalVerdicts verdicts) {
        events += verdicts.events();
        warn(verdicts.path(), verdicts.complaint());
        if (!verdicts.error().isEmpty()) {
            unreadable++;
            complain(verdicts.error());
        }
    }

    private void tell(Path to) throws IOException {
        if (json()) {
            printJson(1, new Document(to.toString(), format, Files.size(to), !lossy));
        } else {
            err().println(to + ": " + (Files.size(to) + 1023) / 1024 + " KB");
        }
    }

    private PerfettoExport.Flags flags() {
        if (flags == null) {
            return PerfettoExport.Flags.ALL;
        }
        if (!format.equals("perfetto")) {
            throw new UserError(ExitCode.USAGE, "--flags is of --to perfetto; csv and parquet have every event");
        }
        return switch (flags) {
            case "all" -> PerfettoExport.Flags.ALL;
            case "control" -> PerfettoExport.Flags.CONTROL;
            case "none" -> PerfettoExport.Flags.NONE;
            default -> throw new UserError(ExitCode.USAGE, "--flags " + flags + ": there is all, control and none");
        };
    }

    private void write(Opened opened, OutputStream out, PerfettoExport.Flags wanted) throws IOException {
        switch (format) {
            case "csv" -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
                opened.journal().read(noted(new CsvExport(writer, opened.tables())));
                writer.flush();
            }
            case "parquet" -> {
                try (ParquetExport export = new ParquetExport(out, opened.tables())) {
                    opened.journal().read(noted(export));
                }
            }
            default -> perfetto(opened, out, wanted);
        }
    }

    /** Notes whether events are missing. */
    private EventConsumer noted(EventConsumer consumer) {
        return event -> {
            lossy |= event.kind() == EventKind.LOST;
            consumer.accept(event);
        };
    }

    private void perfetto(Opened opened, OutputStream out, PerfettoExport.Flags wanted) throws IOException {
        JournalHeader header = opened.header();
        Guest guest = new Guest(opened.tables());
        String name = header.name() + (header.flow().isEmpty() ? "" : ", " + header.flow());
        ReplayState state = new ReplayState(guest);
        EventText text = new EventText(opened.tables());
        PerfettoExport export = new PerfettoExport(out, name, header.clock(), wanted, guest, text);
        Replay replay = new Replay(state, List.of(export));
        opened.journal().read(replay);
        replay.end();
        lossy = state.lossy();
    }
}
