package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.commands.KernelFiles;
import trapline.commands.QemuImport;
import trapline.qemu.QemuCommandLine;
import trapline.qemu.QemuException;
import trapline.qemu.QemuRun;
import trapline.qemu.Watch;
import trapline.source.qemu.QemuLog;

/** {@code record --qemu}: a real kernel under QEMU instead of a scenario. */
final class QemuOptions {

    @Option(
            names = "--qemu",
            paramLabel = "COMMAND",
            description = "Record a kernel that this command line of QEMU starts; the probes are its own.")
    private @Nullable String command;

    @Option(
            names = "--watch",
            paramLabel = "NAME=SYMBOL+OFFSET,…",
            description =
                    "With --qemu: stop at each store to these per-CPU variables, through the gdbstub; kprobes stands "
                            + "for kprobe_status and current_kprobe. Needs --symbols and one CPU.")
    private @Nullable String watch;

    @Option(
            names = "--window",
            paramLabel = "FUNCTION",
            description =
                    "With --qemu: execute each call of this function step by step, and record every change of EFLAGS "
                            + "in it: exact, and a thousand times slower. Needs --symbols and one CPU.")
    private @Nullable String window;

    @Option(
            names = "--symbols",
            paramLabel = "FILE",
            description =
                    "System.map, a copy of /proc/kallsyms, or (with --qemu) a vmlinux or a console that has such lines. "
                            + "With --linux the kernel's own symbols are the default.")
    private List<Path> symbols = List.of();

    @Option(
            names = "--console",
            paramLabel = "FILE",
            description =
                    "With --qemu: where the command line writes the guest's console. Without it, and without -serial, "
                            + "record reads the console itself.")
    private List<Path> consoles = List.of();

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            description = "With --qemu: end QEMU after this time; default 600.")
    private long limitSeconds = 600;

    /** The first file of symbols; null if none is given. */
    @Nullable Path symbols() {
        return symbols.isEmpty() ? null : symbols.get(0);
    }

    boolean isGiven() {
        if (command == null && (watch != null || window != null)) {
            throw new UserError(ExitCode.USAGE, "--watch and --window go with --qemu");
        }
        return command != null;
    }

    /** Records into a new journal. */
    ExitCode run(Console console, Path journal, QemuImport.@Nullable Printer json) throws IOException {
        Path parent = journal.toAbsolutePath().getParent();
        Path log = Files.createTempFile(parent, ".trapline", ".log.gz");
        Path text = Files.createTempFile(parent, ".trapline", ".console");
        try {
            QemuRun.End end = new QemuRun(QemuCommandLine.parse(String.valueOf(command)), plan())
                    .run(log, text, bytes -> {}, () -> false);
            return read(console, journal, log, text, json, end);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (QemuException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        } finally {
            Files.deleteIfExists(log);
            Files.deleteIfExists(text);
        }
    }

    private QemuRun.Plan plan() throws IOException {
        List<Watch> watches =
                watch == null && window == null ? List.of() : Watch.parse(watch == null ? "kprobes" : watch);
        QemuLog kernel = new QemuLog();
        KernelFiles.read(symbols, kernel);
        return new QemuRun.Plan(watches, window, kernel::address, Duration.ofSeconds(limitSeconds));
    }

    private ExitCode read(
            Console console, Path journal, Path log, Path text, QemuImport.@Nullable Printer json, QemuRun.End end)
            throws IOException {
        List<Path> texts = new ArrayList<>(symbols);
        texts.addAll(consoles);
        texts.add(text);
        ExitCode code = new QemuImport(console, log.toString(), journal, null)
                .named("qemu")
                .texts(texts)
                .run(json);
        if (end.stops() > 0) {
            console.err().println("the gdbstub has stopped the machine " + end.stops() + " times");
        }
        if (!end.inTime()) {
            console.err().println("QEMU had to be ended after " + limitSeconds + " s; --time-limit allows more");
        } else if (end.exitCode() != 0) {
            console.err().println("QEMU ended with " + end.exitCode());
        }
        return end.inTime() && end.exitCode() == 0 ? code : code.worse(ExitCode.LOSSY);
    }
}
