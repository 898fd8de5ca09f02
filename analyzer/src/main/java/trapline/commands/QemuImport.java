package trapline.commands;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.cli.Words;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.source.qemu.LogInput;
import trapline.source.qemu.Probe;
import trapline.source.qemu.QemuLog;

/** A journal from QEMU's log of traps. */
public final class QemuImport {

    private final Console console;
    private final String source;
    private final Path output;
    private final QemuLog log = new QemuLog();
    private @Nullable String runName;

    /**
     * Prepares an import.
     *
     * @param console where to print
     * @param source file, or - for standard input
     * @param output the new journal
     * @param cpus CPUs of a log that can be read only once, or null
     */
    public QemuImport(Console console, String source, Path output, @Nullable Integer cpus) {
        this.console = console;
        this.source = source;
        this.output = output;
        if (cpus != null) {
            if (cpus < 1 || cpus > JournalHeader.CPUS_MAX) {
                throw new UserError(ExitCode.USAGE, "--cpus: 1 to " + JournalHeader.CPUS_MAX + ", not " + cpus);
            }
            log.cpus(cpus);
        }
    }

    /**
     * A probe and its counts.
     *
     * @param faults that its handlers took; old kernels count them as missed
     * @param kernelHits the kernel's own counter, null where it is not known
     * @param kernelMissed the kernel's own counter, null where it is not known
     * @param mechanisms how its hits went on, in words, and how many of them
     */
    public record ProbeCounts(
            String name,
            String place,
            String address,
            boolean byFtrace,
            long hits,
            long missed,
            long faults,
            @Nullable Long kernelHits,
            @Nullable Long kernelMissed,
            Map<String, Long> mechanisms) {}

    /** Takes the document of an import. */
    @FunctionalInterface
    public interface Printer {
        /** Prints it. */
        void print(Document document);
    }

    /** What is told of an import: see {@link QemuLog.Summary}. */
    public record Document(
            String journal,
            long events,
            long gaps,
            String digest,
            long traps,
            long breakpoints,
            long debugTraps,
            int cpus,
            List<ProbeCounts> probes) {}

    /** Takes what the kernel printed. */
    public QemuImport texts(List<Path> files) throws IOException {
        KernelFiles.read(files, log);
        return this;
    }

    /** Names the run otherwise than after its file. */
    public QemuImport named(String name) {
        runName = name;
        return this;
    }

    /**
     * Imports.
     *
     * @param json takes the document instead of a summary in text
     */
    public ExitCode run(@Nullable Printer json) throws IOException {
        boolean stdin = source.equals("-");
        Path file = Path.of(source);
        if (!stdin && LogInput.isSeekable(Inputs.file(file))) {
            survey(file);
        }
        try (LogInput in = stdin ? LogInput.of(System.in, -1) : LogInput.open(file)) {
            String fileName = stdin ? "-" : String.valueOf(file.getFileName());
            return write(in, runName == null ? fileName : runName, json);
        }
    }

    private void survey(Path file) throws IOException {
        try (LogInput in = LogInput.open(file);
                ByteProgress progress = new ByteProgress(console, in, "looking for CPUs")) {
            if (!log.survey(in.log(), progress)) {
                throw none();
            }
        }
    }

    private UserError none() {
        return new UserError(
                ExitCode.UNREADABLE,
                source + ": no trap of an x86 guest in it; make one with qemu-system-x86_64 -d int -D FILE");
    }

    private ExitCode write(LogInput in, String name, @Nullable Printer json) throws IOException {
        InputStream text = in.log();
        if (in.size() < 0) {
            text = new BufferedInputStream(in.log(), QemuLog.PEEK_BYTES);
            log.peek(text);
        }
        JournalHeader header = log.header(name, "trapline " + ToolVersion.TOOL);
        QemuLog.Summary summary;
        JournalFooter footer;
        try (JournalWriter writer = JournalWriter.create(output, header, JournalOptions.DEFAULT);
                ByteProgress progress = new ByteProgress(console, in, "importing")) {
            summary = log.read(text, writer, progress);
            footer = writer.finish();
        }
        if (summary.traps() == 0) {
            removeEmpty();
            throw none();
        }
        List<Probe> disagreeing =
                summary.probes().stream().filter(Probe::disagrees).toList();
        if (json != null) {
            json.print(document(summary, footer));
        } else {
            print(summary, footer);
        }
        disagreeing.forEach(probe -> console.err()
                .println(probe.name() + ": " + probe.hits() + " hits and " + probe.missed()
                        + " missed are derived, but the" + " kernel counted " + probe.kernelHits() + " and "
                        + probe.kernelMissed()));
        return summary.gaps() == 0 && disagreeing.isEmpty() ? ExitCode.CLEAN : ExitCode.LOSSY;
    }

    /** A journal of nothing would only be in the way. */
    private void removeEmpty() throws IOException {
        try (var files = Files.list(output)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(output);
    }

    private Document document(QemuLog.Summary summary, JournalFooter footer) {
        return new Document(
                output.toString(),
                footer.events(),
                summary.gaps(),
                footer.digest(),
                summary.traps(),
                summary.breakpoints(),
                summary.debugTraps(),
                summary.cpus(),
                summary.probes().stream().map(QemuImport::counts).toList());
    }

    private static ProbeCounts counts(Probe probe) {
        Map<String, Long> mechanisms = new TreeMap<>();
        for (Probe.Mechanism mechanism : Probe.Mechanism.values()) {
            if (probe.by(mechanism) > 0) {
                mechanisms.put(mechanism.words(), probe.by(mechanism));
            }
        }
        return new ProbeCounts(
                probe.name(),
                probe.place(),
                Long.toHexString(probe.address()),
                probe.byFtrace(),
                probe.hits(),
                probe.missed(),
                probe.faults(),
                probe.kernelHits(),
                probe.kernelMissed(),
                mechanisms);
    }

    private void print(QemuLog.Summary summary, JournalFooter footer) {
        console.err()
                .println(output + ": " + Words.count(summary.traps(), "trap", "traps") + " on "
                        + Words.count(summary.cpus(), "CPU", "CPUs") + " (" + summary.breakpoints() + " #BP, "
                        + summary.debugTraps() + " #DB), " + Words.count(footer.events(), "event", "events")
                        + (summary.gaps() == 0 ? "" : ", " + Words.count(summary.gaps(), "gap", "gaps"))
                        + (summary.trouble().isEmpty() ? "" : "; " + summary.trouble()));
        if (summary.probes().isEmpty()) {
            console.err().println("no list of probes: --console or --probes would tell which traps are hits");
            return;
        }
        console.out().printf("%-24s %8s %8s  %s%n", "probe", "hits", "missed", "how the hits went on");
        summary.probes().forEach(probe -> console.out().println(line(probe)));
    }

    private static String line(Probe probe) {
        if (probe.byFtrace()) {
            return String.format(
                    "%-24s %8s %8s  %s", probe.name(), "-", "-", "by ftrace: traps nothing, so not in the log");
        }
        StringBuilder how = new StringBuilder();
        counts(probe)
                .mechanisms()
                .forEach((words, count) ->
                        how.append(how.isEmpty() ? "" : "; ").append(words).append(" (" + count + ")"));
        if (probe.faults() > 0) {
            how.append("; " + Words.count(probe.faults(), "fault", "faults") + " in its handler");
        }
        boolean counted = probe.kernelHits() != null;
        return String.format(
                "%-24s %8d %8d  %s%s",
                probe.name(),
                probe.hits(),
                probe.missed(),
                how,
                counted ? probe.disagrees() ? "; the kernel counted otherwise" : "; as the kernel counted" : "");
    }
}
