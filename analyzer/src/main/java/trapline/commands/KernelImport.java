package trapline.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import trapline.block.JournalFooter;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.events.Symbol;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.source.Source;
import trapline.source.kernel.Oops;
import trapline.source.kernel.OopsSource;
import trapline.source.kernel.OopsText;
import trapline.source.kernel.TraceSource;
import trapline.source.qemu.LogInput;
import trapline.source.qemu.QemuLog;

/** Sources that are the text of a kernel: the trace of its probes, its last words. */
final class KernelImport {

    private final String path;
    private final String tool = "trapline " + ToolVersion.TOOL;

    KernelImport(String path) {
        this.path = path;
    }

    /** What became of it. */
    record Imported(JournalFooter footer, int gaps) {}

    /** The trace of perf or trace-cmd. */
    Source trace() throws IOException {
        try (BufferedReader in = open(path)) {
            return TraceSource.read(in, name(), tool);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, path + ": " + e.getMessage(), e);
        }
    }

    /** The oops on a console; symbols tell its address. */
    Source oops(List<Path> symbols) throws IOException {
        Oops oops;
        try (BufferedReader in = open(path)) {
            oops = OopsText.read(in);
        }
        if (oops == null) {
            throw new UserError(ExitCode.UNREADABLE, path + ": no oops in it");
        }
        QemuLog kernel = new QemuLog();
        KernelFiles.read(symbols, kernel);
        String symbol = oops.place().replaceFirst("\\+.*", "");
        long begin = kernel.address(symbol);
        long ip = oops.ip() != 0 ? oops.ip() : begin == 0 ? 0 : begin + offset(oops.place());
        List<Symbol> known = begin == 0 ? List.of() : List.of(new Symbol(symbol, begin, 0));
        return new OopsSource(oops, name(), tool, ip, known);
    }

    private static long offset(String place) {
        String digits = place.replaceFirst("^[^+]*\\+0x([0-9a-f]{1,8}).*", "$1");
        return digits.matches("[0-9a-f]{1,8}") ? Long.parseLong(digits, 16) : 0;
    }

    private String name() {
        return path.equals("-") ? "-" : String.valueOf(Path.of(path).getFileName());
    }

    private static BufferedReader open(String path) throws IOException {
        LogInput in = path.equals("-") ? LogInput.of(System.in, -1) : LogInput.open(Inputs.file(Path.of(path)));
        return new BufferedReader(new InputStreamReader(in.log(), StandardCharsets.ISO_8859_1));
    }

    /** Writes a source into a new journal. */
    static Imported write(Source source, Path output) throws IOException {
        try (JournalWriter writer = JournalWriter.create(output, source.header(), JournalOptions.DEFAULT)) {
            int gaps = source.deliver(writer).gaps();
            return new Imported(writer.finish(), gaps);
        }
    }
}
