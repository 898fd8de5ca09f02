package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.record.Runs;
import trapline.scenario.Overrides;

/** Ctrl-C while a recording starts: the JVM ends already when Chronicle, or we, want a shutdown hook. */
class EarlyInterruptTest {
    private static final int INTERRUPTED = 130;
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private Path folder;

    /** Starts a recording in a JVM that is ending, as a signal makes it end; the argument says how far it has come. */
    static final class Late {
        private Late() {}

        public static void main(String[] args) throws Exception {
            Path journal = Path.of(args[1]);
            Recording recording =
                    Runs.prepare(Runs.scenario("plain-probe", new Overrides(), System.err), true, System.err);
            boolean hooked = args[0].equals("hooked");
            if (!hooked) {
                // Keeps the ending JVM for a while, as nobody's hook may.
                Runtime.getRuntime().addShutdownHook(new Thread(Late::sleep));
                end();
            }
            Runs.interruptibly(recording, System.err, () -> {
                if (hooked) {
                    end();
                }
                recording.run(journal, null);
                System.out.println("recorded");
                return "";
            });
        }

        private static void sleep() {
            try {
                Thread.sleep(3000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Ends the JVM in another thread, and returns when it has begun to end. */
        private static void end() {
            new Thread(() -> System.exit(INTERRUPTED)).start();
            while (true) {
                Thread unused = new Thread(() -> {});
                try {
                    Runtime.getRuntime().addShutdownHook(unused);
                    Runtime.getRuntime().removeShutdownHook(unused);
                } catch (IllegalStateException e) {
                    return;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hooked", "not-hooked"})
    void saysOneLineOfOursAndLeavesNothing(String when) throws Exception {
        Path journal = folder.resolve("x.journal");
        Process process = start(when, journal.toString());
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(out).isEqualTo("interrupted before anything was recorded\n");
        assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
        assertThat(journal).doesNotExist();
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Late.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
