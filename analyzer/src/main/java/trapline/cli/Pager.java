package trapline.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What long output goes through on a terminal, as git has it: {@code PAGER}, or less, which leaves at once what fits on
 * the screen.
 */
final class Pager implements AutoCloseable {

    private final Process process;

    private Pager(Process process) {
        this.process = process;
    }

    /** Starts the pager that the environment wants; null where it wants none, or there is none. */
    static @Nullable Pager start(Map<String, String> environment) {
        String wanted = environment.getOrDefault("TRAPLINE_PAGER", environment.getOrDefault("PAGER", "less"));
        if (wanted.isBlank() || wanted.equals("cat")) {
            return null;
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "command -v " + firstWord(wanted) + " >/dev/null && exec " + wanted + " || exec cat")
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("LESS", "FRX");
        try {
            return new Pager(builder.start());
        } catch (IOException e) {
            return null;
        }
    }

    private static String firstWord(String command) {
        return command.strip().split(" ", 2)[0];
    }

    /** A console whose data goes through the pager. */
    Console console(Console console) {
        OutputStream to = new StandardOutput(process.getOutputStream());
        PrintStream out = VisibleOutput.data(to);
        return new Console(out, console.err(), true, console.errIsTerminal(), console.color(), console.columns());
    }

    /** Waits until the reader has seen enough. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The reader has left: that is what it is waited for.
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
