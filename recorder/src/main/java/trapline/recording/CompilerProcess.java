package trapline.recording;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import trapline.guest.GuestException;

/**
 * The host's gcc, run in an empty directory with limits on time, memory and output, and with nothing of the environment
 * but the way to it: gcc has a dozen variables that add options, headers or programs of their own.
 */
final class CompilerProcess {

    private static final long LIMIT_SECONDS = 60;
    private static final int MEMORY_KIB = 2 << 20;
    private static final int FILE_BYTES_MAX = 64 << 20;
    private static final int SAID_BYTES_MAX = 64 << 10;

    /** The shell sets what Java cannot; a limit that a system does not know is left to the others. */
    private static final String LIMITS = "ulimit -c 0; ulimit -t " + LIMIT_SECONDS + " 2>/dev/null; ulimit -v "
            + MEMORY_KIB + " 2>/dev/null; ulimit -f " + (FILE_BYTES_MAX >> 9) + " 2>/dev/null; exec \"$@\"";

    private static final int NOT_FOUND = 127;

    private final Path folder;
    private final Path output;
    private @Nullable Path input;
    private @Nullable Path result;

    /**
     * Prepares to run.
     *
     * @param folder where it runs; files beside it are the process's own
     */
    CompilerProcess(Path folder) {
        this.folder = folder;
        this.output = folder.resolveSibling("said");
    }

    /** The next run reads this from its standard input. */
    void from(Path file) {
        input = file;
    }

    /** The next run's standard output goes there, apart from what it says. */
    void into(Path file) {
        result = file;
    }

    /** What the last run said, at most some 64 KiB of it. */
    String said() throws IOException {
        try (InputStream in = Files.newInputStream(output)) {
            String text = new String(in.readNBytes(SAID_BYTES_MAX), StandardCharsets.UTF_8);
            return in.read() < 0 ? text : text + "\n… (the compiler says more)\n";
        }
    }

    /** The one line that gcc answers a question with. */
    String answer(String question) throws IOException, GuestException {
        if (run(List.of(question)) != 0) {
            throw new GuestException(compiler() + ": does not answer " + question + ", as gcc does");
        }
        return said().strip();
    }

    /**
     * Runs gcc to its end.
     *
     * @param arguments in groups; none of them is of the source's making
     * @return its exit code
     */
    @SafeVarargs
    final int run(List<String>... arguments) throws IOException, GuestException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITS, "sh", compiler()));
        for (List<String> group : arguments) {
            command.addAll(group);
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        environment(builder.environment());
        builder.redirectInput(input == null ? new File("/dev/null") : input.toFile());
        builder.redirectError(output.toFile());
        builder.redirectOutput(result == null ? Redirect.appendTo(output.toFile()) : Redirect.to(result.toFile()));
        Files.deleteIfExists(output);
        input = null;
        result = null;
        int exitCode = await(builder.start());
        if (exitCode == NOT_FOUND) {
            throw new GuestException(
                    compiler() + ": not found; to compile C, install gcc (Debian: apt install gcc) or set CC");
        }
        return exitCode;
    }

    private static String compiler() {
        return System.getenv().getOrDefault("CC", "gcc");
    }

    private void environment(Map<String, String> variables) {
        String path = variables.get("PATH");
        variables.clear();
        if (path != null) {
            variables.put("PATH", path);
        }
        variables.put("LC_ALL", "C");
        variables.put("TMPDIR", String.valueOf(folder.getParent()));
    }

    private static int await(Process process) throws GuestException {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new GuestException(compiler() + ": still compiling after " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while compiling");
        } finally {
            // gcc's own children too: the driver does not take them with it.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
