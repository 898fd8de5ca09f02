package trapline.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.UserError;
import trapline.source.kernel.ElfSymbols;
import trapline.source.kernel.OopsText;
import trapline.source.qemu.LogInput;
import trapline.source.qemu.QemuLog;

/** Files that tell of a kernel: a vmlinux, System.map, a copy of kallsyms, a list of probes, a console. */
public final class KernelFiles {

    private KernelFiles() {}

    /** Gives them all to a log. */
    public static void read(List<Path> files, QemuLog log) throws IOException {
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new UserError(ExitCode.UNREADABLE, file + ": no such file");
            }
            if (Files.isRegularFile(file) && ElfSymbols.isElf(file)) {
                log.symbols(ElfSymbols.read(file));
                continue;
            }
            try (BufferedReader in = lines(file)) {
                log.text(in);
            }
            try (BufferedReader in = lines(file)) {
                log.oops(OopsText.read(in));
            }
        }
    }

    /** The lines of a file, plain or compressed. */
    static BufferedReader lines(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(LogInput.open(Inputs.file(file)).log(), StandardCharsets.ISO_8859_1));
    }
}
