package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.samples.Executable.Result;

/** What Chronicle and the JVM would print, write and read beside the journal is shut out. */
class QuietTest {
    /** Initializes Chronicle as the first journal does and prints a system property that nobody set. */
    static final class Probe {
        static final String PROPERTY = "trapline.probe";

        private Probe() {}

        public static void main(String[] args) throws ClassNotFoundException {
            Class.forName("net.openhft.chronicle.core.Jvm");
            System.out.print(System.getProperty(PROPERTY));
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("trapline.samples.Jdk#installed")
    void recordingPrintsItsSummaryAndDigestAndNothingElse(Jdk jdk) throws Exception {
        Result launched = Executable.trapline(folder).on(jdk).run("record", "plain-probe", "-o", "a.journal");
        Result asJar = Executable.trapline(folder).asJar(jdk).run("record", "plain-probe", "-o", "b.journal");
        assertThat(launched.err()).startsWith("plain-probe: ").doesNotContainPattern("WARN|SLF4J|[Cc]hronicle|openhft");
        assertThat(asJar.err()).isEqualTo(launched.err());
        for (Result result : List.of(launched, asJar)) {
            assertThat(result.out().lines()).hasSize(1).allMatch(line -> line.matches("[0-9a-f]{64}  [ab].journal"));
        }
    }

    @Test
    void recordingWritesTheJournalAndNothingElse() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path work = Files.createDirectory(folder.resolve("work"));
        Executable.trapline(work)
                .with("HOME", home.toString())
                .with("TMPDIR", home.toString())
                .run("record", "plain-probe");
        assertThat(namesIn(home)).isEmpty();
        assertThat(namesIn(work)).containsExactlyInAnyOrder("plain-probe.journal", ".out", ".err");
    }

    @Test
    void aFileInTheCurrentDirectorySetsNoSystemProperty() throws Exception {
        Files.writeString(folder.resolve("system.properties"), Probe.PROPERTY + "=hostile\n");
        assertThat(probe(Executable.TRAPLINE.toString()).run().out()).isEqualTo("null");
    }

    private Executable probe(String classPath) {
        String tests = Path.of("target/test-classes").toAbsolutePath().toString();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of(
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));
        command.addAll(List.of("-cp", classPath + ":" + tests, Probe.class.getName()));
        return new Executable(command, folder, Map.of());
    }

    private static List<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        }
    }
}
