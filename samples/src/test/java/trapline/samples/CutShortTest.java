package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long recordings that do not come to their end: what was recorded is kept and can be used. */
class CutShortTest {

    private static final String LONG = "variables.rounds=100000000";

    @TempDir
    Path folder;

    @Test
    void controlCClosesTheJournal() throws Exception {
        Executable trapline = Executable.trapline(folder);
        // A script that runs the tests in its background has SIGINT ignored, and everything it starts inherits that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(trapline.command());
        trapline = new Executable(command, folder, trapline.environment());
        Process process = trapline.start("record", "pounding", "--set", LONG, "-o", "x.journal");
        awaitBlocks(process);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        Executable.Result result = trapline.end(process);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
        assertThat(result.err()).contains("interrupted").doesNotContain("Exception");
        assertThat(info(trapline).out()).contains("closed, ended by interrupted");
        assertThat(trapline.run("check", "--allow-idle", "x.journal").exitCode())
                .isZero();
    }

    @Test
    void aSizeLimitKeepsWhatIsThere() throws Exception {
        Executable trapline = Executable.trapline(folder);
        Executable.Result result =
                trapline.run("record", "pounding", "--set", LONG, "--size-limit", "1M", "-o", "x.journal");
        assertThat(result.exitCode()).isEqualTo(70);
        assertThat(result.err())
                .startsWith("trapline: the size limit of 1048576 bytes is reached; ")
                .doesNotContain("Exception");
        assertThat(info(trapline).out()).contains("not closed: the recording was cut off");
        String json = trapline.run("info", "--json", "x.journal").out();
        assertThat(new ObjectMapper().readTree(json).get("events").asLong()).isGreaterThan(100_000);
    }

    private static Executable.Result info(Executable trapline) throws Exception {
        return trapline.run("info", "x.journal");
    }

    /** Until blocks are being stored. */
    private void awaitBlocks(Process process) throws IOException, InterruptedException {
        while (storedBytes() < 1 << 20) {
            assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
                    .as("still recording")
                    .isFalse();
        }
    }

    private long storedBytes() throws IOException {
        Path journal = folder.resolve("x.journal");
        if (!Files.isDirectory(journal)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(f -> f.toString().endsWith(".cq4"))
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }
}
