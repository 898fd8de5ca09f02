package trapline.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** {@code check} over a tree of journals: clean ones, failing ones, one that is cut off, one that is none. */
class BatchTest {

    @TempDir
    Path directory = Path.of(".");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeTree() throws IOException {
        for (String folder : List.of("a", "b/c")) {
            Path path = Files.createDirectories(directory.resolve("tree").resolve(folder));
            for (String trace : List.of("golden.t1", "golden.t4", "golden.t8", "golden.t9")) {
                TraceJournals.write(trace, path);
            }
        }
    }

    private ExitCode run(String... args) {
        out.reset();
        err.reset();
        Console console = Console.plain(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Tool("trapline-analyzer", "Tests.", AnalyzerCommands.table(), console).run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String tree() {
        return directory.resolve("tree").toString();
    }

    @Test
    void aTreeIsJudgedInTheOrderOfItsNamesAndFailuresAreGrouped() {
        assertThat(run("check", tree())).isEqualTo(ExitCode.FINDING);
        assertThat(out().lines().filter(line -> line.contains(".journal") && !line.contains("smallest")))
                .hasSize(8)
                .first()
                .asString()
                .startsWith("PASS")
                .contains("a/golden.t1.journal");
        assertThat(out())
                .contains("Failures by signature", "     2  PREEMPT-BALANCED in kprobe_handler for p1", "smallest: ");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("8 journals judged, 4 with findings");
    }

    @Test
    void theOutputDoesNotDependOnTheNumberOfThreads() {
        for (String format : List.of("text", "json", "junit", "sarif", "ktap")) {
            run("check", "--threads", "1", "--format", format, tree());
            String one = out();
            for (int threads = 2; threads <= 7; threads++) {
                run("check", "--threads", "" + threads, "--format", format, tree());
                assertThat(out()).as("%s with %d threads", format, threads).isEqualTo(one);
            }
        }
    }

    @Test
    void whatCannotBeReadIsReportedAndTheRestIsJudged() throws IOException {
        Path broken = Files.createDirectories(directory.resolve("tree/a/broken.journal"));
        Files.writeString(broken.resolve("19700101F.cq4"), "not a queue");
        assertThat(run("check", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(out()).contains("UNREADABLE", "broken.journal", "b/c/golden.t9.journal");
        assertThat(run("check", "--format", "ktap", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(out()).startsWith("KTAP version 1\n1..9\n").contains("not ok 1 ", "# ERROR");
    }

    @Test
    void ndjsonHasOneDocumentForEachJournal() throws IOException {
        assertThat(run("check", "--json", tree())).isEqualTo(ExitCode.FINDING);
        List<String> lines = out().lines().toList();
        assertThat(lines).hasSize(8);
        for (String line : lines) {
            JsonNode document = new ObjectMapper().readTree(line);
            assertThat(document.get("schemaVersion").asInt()).isEqualTo(1);
            assertThat(document.get("verdicts").size()).isPositive();
        }
    }

    @Test
    void junitIsXml() throws Exception {
        run("check", "--format", "junit", tree());
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()));
        assertThat(document.getElementsByTagName("testsuite").getLength()).isEqualTo(8);
        assertThat(document.getElementsByTagName("failure").getLength()).isPositive();
    }

    @Test
    void sarifHasRulesAndResults() throws IOException {
        run("check", "--format", "sarif", tree());
        JsonNode document = new ObjectMapper().readTree(out());
        assertThat(document.get("version").asText()).isEqualTo("2.1.0");
        JsonNode run = document.get("runs").get(0);
        assertThat(run.get("tool").get("driver").get("rules").size()).isGreaterThan(30);
        assertThat(run.get("results").get(0).get("ruleId").asText()).isNotEmpty();
        assertThat(run.get("invocations").get(0).get("executionSuccessful").asBoolean())
                .isTrue();
    }

    @Test
    void aResumedRunSkipsWhatWasCleanAndReportsWhatWasNot() {
        String state = directory.resolve("state.ndjson").toString();
        assertThat(run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(out()).doesNotContain("golden.t1.journal").contains("golden.t8.journal");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("4 skipped as clean before");
    }
}
