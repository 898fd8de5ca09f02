package trapline.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.JournalFooter;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;
import trapline.cli.Words;
import trapline.exchange.AmbiguousMailException;
import trapline.exchange.MailFile;
import trapline.exchange.MailReader;
import trapline.source.Source;

/** {@code import}: a journal from what others wrote down. */
@Command(
        name = "import",
        description =
                "Makes a journal of what others wrote down: a mail, QEMU's log of traps, a trace of the kernel, an oops.",
        footer = {
            "",
            "mail: a message in any encoding and with any attachments, an mbox (of a public inbox too, and packed "
                    + "with gzip), a series for git am, or the text alone. Quote marks, other line ends and wrapped "
                    + "lines are put right. Lines that are missing or altered "
                    + "become lost events: checks then say UNKNOWN where it matters, and import ends with 3.",
            "%nqemu-int: the log of qemu-system-i386 or -x86_64 with -d int -D FILE, plain, gzip or zstd, or a FIFO that "
                    + "QEMU writes to. The log shows traps with registers; hits, steps and misses are derived from them "
                    + "and the list of probes, and no check takes what is derived for seen. Where the kernel's own "
                    + "counters are given and differ, import ends with 3. An oops in the console is a death.",
            "%nperf, trace-cmd: the text of perf script or trace-cmd report with kprobe events and exceptions:page_fault_*. "
                    + "A step counts nanoseconds. oops: a console with the last words of a kernel; --symbols tells where "
                    + "it died."
        })
final class ImportCommand extends ToolCommand {

    @Parameters(
            paramLabel = "FILE",
            description = "Text with a trace in it, such as a saved mail, or a log; - for standard input.")
    private String source = "";

    @Option(
            names = "--from",
            completionCandidates = Candidates.Imports.class,
            paramLabel = "FORMAT",
            required = true,
            description = "What it is: mail, qemu-int, perf, trace-cmd, oops.")
    private String from = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The new journal.")
    private Path output = Path.of(".");

    @Option(names = "--message", paramLabel = "N", description = "Of several traces in a mailbox, the N-th.")
    private int message;

    @Option(
            names = "--probes",
            paramLabel = "FILE",
            description = "The kernel's probes: a copy of debugfs kprobes/list, or of kprobe_events with --symbols.")
    private List<Path> probes = List.of();

    @Option(names = "--symbols", paramLabel = "FILE", description = "vmlinux, System.map or a copy of /proc/kallsyms.")
    private List<Path> symbols = List.of();

    @Option(
            names = "--console",
            paramLabel = "FILE",
            description =
                    "What the kernel printed: probes, counters (kprobe_profile), symbols and traced hits are found in it.")
    private List<Path> consoles = List.of();

    @Option(names = "--cpus", paramLabel = "N", description = "CPUs of a log that comes through a FIFO (default: 1).")
    private @Nullable Integer cpus;

    record Document(String journal, long events, int gaps, String digest) {}

    @Override
    protected ExitCode execute() throws IOException {
        Outputs.requireFree(output);
        return switch (from) {
            case "mail" -> mail();
            case "qemu-int" ->
                new QemuImport(console(), source, output, cpus)
                        .texts(symbols)
                        .texts(consoles)
                        .texts(probes)
                        .run(json() ? document -> printJson(1, document) : null);
            case "perf", "trace-cmd" -> write(new KernelImport(source).trace());
            case "oops" -> write(new KernelImport(source).oops(symbols));
            default ->
                throw new UserError(
                        ExitCode.USAGE,
                        "--from: '" + from + "' is not known; there are: mail, qemu-int, perf, trace-cmd, oops");
        };
    }

    private ExitCode mail() throws IOException {
        MailReader.Mail mail;
        try {
            mail = MailFile.read(read(), source, message);
        } catch (AmbiguousMailException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
        ExitCode code = write(mail);
        for (MailReader.Loss loss : mail.losses()) {
            err().println("  lost: " + loss.why() + " ("
                    + (loss.count() == 1 ? "behind" : loss.count() + " times, the first behind") + " step "
                    + loss.firstStep() + ")");
        }
        return code;
    }

    private ExitCode write(Source events) throws IOException {
        KernelImport.Imported[] made = new KernelImport.Imported[1];
        WholeOutput.write(output, partial -> made[0] = KernelImport.write(events, partial));
        KernelImport.Imported imported = made[0];
        JournalFooter footer = imported.footer();
        if (json()) {
            printJson(1, new Document(output.toString(), footer.events(), imported.gaps(), footer.digest()));
        } else {
            err().println(output + ": " + Words.count(footer.events(), "event", "events")
                    + (imported.gaps() == 0 ? "" : ", " + Words.count(imported.gaps(), "gap", "gaps")));
        }
        return imported.gaps() == 0 ? ExitCode.CLEAN : ExitCode.LOSSY;
    }

    private byte[] read() throws IOException {
        if (source.equals("-")) {
            return System.in.readNBytes(MailReader.LENGTH_MAX);
        }
        try (InputStream in = Inputs.open(Path.of(source))) {
            return in.readNBytes(MailReader.LENGTH_MAX);
        }
    }
}
