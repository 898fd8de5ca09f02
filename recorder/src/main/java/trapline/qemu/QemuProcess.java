package trapline.qemu;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** QEMU as a child that never outlives its run. */
final class QemuProcess implements Closeable {

    private static final int END_SECONDS_MAX = 5;

    private final Process process;
    private final Path output;
    private final Thread hook = new Thread(this::kill, "end QEMU");

    /**
     * Starts it.
     *
     * @param command program and arguments
     * @param output takes what it prints
     */
    QemuProcess(List<String> command, Path output) throws IOException {
        this.output = output;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new QemuException(command.get(0) + ": cannot be started; is QEMU installed?");
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** The first line that it printed, for a message. */
    String complaint() throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("it printed nothing");
    }

    private void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends already, and the hook runs.
        }
    }
}
