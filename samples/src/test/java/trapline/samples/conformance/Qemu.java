package trapline.samples.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a Multiboot ELF under {@code qemu-system-i386} and reads the traps it logs. */
final class Qemu {
    private static final String PROGRAM = "qemu-system-i386";
    private static final int SECONDS = 15;

    private Qemu() {}

    /** Why QEMU cannot be asked, or an empty string. */
    static String missing() {
        boolean isFound = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
        return isFound ? "" : PROGRAM + " is not installed";
    }

    /**
     * Runs the guest to its end, one instruction per translation block so that every boundary is seen.
     *
     * @param folder for the image and the log
     */
    static List<QemuLog.Entry> run(byte[] elf, Path folder) throws IOException, InterruptedException {
        return run(elf, folder, true).entries();
    }

    /** What a run left: the traps and the first serial port. */
    record Outcome(List<QemuLog.Entry> entries, String console) {}

    /** Runs the guest to its end. */
    static Outcome run(byte[] elf, Path folder, boolean isSingleStepped) throws IOException, InterruptedException {
        Path image = Files.write(folder.resolve("guest.elf"), elf);
        Path log = folder.resolve("int.log");
        Path console = folder.resolve("console.txt");
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "-machine",
                "pc",
                "-accel",
                "tcg",
                "-m",
                "64",
                "-display",
                "none",
                "-nodefaults",
                "-no-reboot",
                "-serial",
                "file:" + console,
                "-device",
                "isa-debug-exit,iobase=0xf4,iosize=4",
                "-kernel",
                image.toString(),
                "-d",
                "int,cpu_reset",
                "-D",
                log.toString()));
        if (isSingleStepped) {
            command.add("-singlestep");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu.txt").toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(); // a guest that halts for good: its log is complete
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return new Outcome(QemuLog.parse(lines), Files.readString(console, StandardCharsets.ISO_8859_1));
    }
}
