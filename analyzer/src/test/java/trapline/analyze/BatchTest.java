package trapline.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
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
        assertThat(err()).contains("8 journals judged, 4 with findings");
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
    void thereIsAtLeastOneThread() {
        assertThat(run("check", "--threads", "0", tree())).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--threads 0: at least 1");
    }

    @Test
    void whatCannotBeReadIsReportedAndTheRestIsJudged() throws IOException {
        Path broken = Files.createDirectories(directory.resolve("tree/a/broken.journal"));
        Files.writeString(broken.resolve("19700101F.cq4"), "not a queue");
        assertThat(run("check", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(out()).contains("UNREADABLE", "broken.journal", "b/c/golden.t9.journal");
        assertThat(err()).containsPattern("(?m)^trapline-analyzer: .*broken.journal");
        assertThat(run("check", "--format", "ktap", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(out()).startsWith("KTAP version 1\n1..9\n").contains("not ok 1 ", "# ERROR");
    }

    @Test
    void whatIsMissingIsNotJudged() {
        String missing = directory.resolve("missing.journal").toString();
        assertThat(run("check", missing)).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err())
                .contains("missing.journal: no such journal", "0 journals judged, 0 with findings, 1 unreadable");
        assertThat(run("check", missing, tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err()).contains("8 journals judged, 4 with findings, 1 unreadable");
    }

    @Test
    void bundlesInATreeAreJudgedAsTheirJournalsAre() throws IOException {
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        Path bundle = directory.resolve("tree/b/t8.trap");
        assertThat(run("bundle", journal, "-o", bundle.toString())).isEqualTo(ExitCode.CLEAN);
        Files.writeString(directory.resolve("tree/b/broken.trap"), "PK, but no archive");
        assertThat(run("check", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err()).contains("9 journals judged, 5 with findings, 1 unreadable");
        assertThat(out())
                .containsPattern("FAIL +\\S*t8.trap: CURRENT-BALANCED, PREEMPT-BALANCED")
                .contains("UNREADABLE", "broken.trap", "     3  PREEMPT-BALANCED in kprobe_handler for p1");
    }

    @Test
    void theExitCodeIsTheWorstOfAll() throws IOException {
        String clean = directory.resolve("tree/a/golden.t1.journal").toString();
        String failing = directory.resolve("tree/a/golden.t8.journal").toString();
        String open = TraceJournals.writeUnclosed("golden.t2", directory).toString();
        String none = directory.resolve("none").toString();
        assertThat(run("check", clean, clean)).isEqualTo(ExitCode.CLEAN);
        assertThat(run("check", clean, open)).isEqualTo(ExitCode.LOSSY);
        assertThat(run("check", open, failing, clean)).isEqualTo(ExitCode.FINDING);
        assertThat(run("check", none, failing, open)).isEqualTo(ExitCode.UNREADABLE);
    }

    @Test
    void theSmallestExampleOfAGroupIsTheJournalWithTheFewestEvents() throws IOException {
        assertThat(run("check", tree())).isEqualTo(ExitCode.FINDING);
        String group = out().substring(out().indexOf("CURRENT-BALANCED in kprobe_handler for p1"));
        assertThat(group.lines()
                        .filter(line -> line.contains("smallest: "))
                        .findFirst()
                        .orElseThrow())
                .contains("a/golden.t8.journal, step ");
    }

    @Test
    void monitorsJudgeBesideTheChecks() throws IOException {
        String step = Path.of("..", "samples", "monitors", "single_step.dot").toString();
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        assertThat(run("check", "--monitor", step, "--monitor", "global:" + step, journal))
                .isEqualTo(ExitCode.FINDING);
        assertThat(out()).containsPattern("FAIL +MONITOR-SINGLE-STEP").contains("MONITOR-GLOBAL-SINGLE-STEP");
        Path wrong =
                Files.writeString(directory.resolve("wrong.dot"), "digraph x {\n a -> b [label=zzz]; __init_a -> a }");
        assertThat(run("check", "--monitor", wrong.toString(), journal)).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("wrong.dot:2:9: no event has the label 'zzz'");
        for (String none : List.of("global:", directory.toString())) {
            assertThat(run("check", "--monitor", none, journal)).isEqualTo(ExitCode.USAGE);
            assertThat(err()).contains("names no file");
        }
        assertThat(run("check", "--monitor", "nosuch.dot", journal)).isEqualTo(ExitCode.UNREADABLE);
    }

    @Test
    void shippedMonitorsHaveNames() throws IOException {
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        assertThat(run("check", "--monitor", "single_step", "--monitor", "global:kprobe_life", journal))
                .isEqualTo(ExitCode.FINDING);
        assertThat(out()).containsPattern("FAIL +MONITOR-SINGLE-STEP").contains("MONITOR-GLOBAL-KPROBE-LIFE");
        assertThat(run("check", "--monitor", "singlestep", journal)).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err())
                .isEqualTo(
                        "trapline-analyzer: singlestep: no such file, and no monitor of that name; those that are shipped are"
                                + " kprobe_life, single_step\n");
        assertThat(run("checks")).isEqualTo(ExitCode.CLEAN);
        assertThat(out()).contains("check --monitor single_step", "check --monitor kprobe_life");
    }

    @Test
    void allMonitorsOfTheFolderAreShipped() throws IOException {
        Path folder = Path.of("..", "samples", "monitors");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".dot")))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(ShippedMonitor.values())
                            .map(ShippedMonitor::file)
                            .toList());
        }
        for (ShippedMonitor monitor : ShippedMonitor.values()) {
            assertThat(monitor.text()).isEqualTo(Files.readString(folder.resolve(monitor.file())));
        }
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

    private void breakOne() throws IOException {
        Files.writeString(
                Files.createDirectories(directory.resolve("tree/a/broken & <odd>.journal"))
                        .resolve("19700101F.cq4"),
                "not a queue");
        TraceJournals.writeUnclosed("golden.t2", directory.resolve("tree"));
    }

    @Test
    void junitReadBackHasTheCountsOfItsCases() throws Exception {
        breakOne();
        run("check", "--format", "junit", tree());
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()));
        NodeList suites = document.getElementsByTagName("testsuite");
        assertThat(suites.getLength()).isEqualTo(10);
        for (int i = 0; i < suites.getLength(); i++) {
            Element suite = (Element) suites.item(i);
            for (String[] kind : new String[][] {
                {"tests", "testcase"}, {"failures", "failure"}, {"errors", "error"}, {"skipped", "skipped"}
            }) {
                assertThat(suite.getElementsByTagName(kind[1]).getLength())
                        .as(suite.getAttribute("name") + " " + kind[0])
                        .isEqualTo(Integer.parseInt(suite.getAttribute(kind[0])));
            }
        }
        assertThat(document.getElementsByTagName("failure").item(0).getTextContent())
                .contains("current_kprobe", "iret");
    }

    /** What the schema of SARIF 2.1.0 requires of the objects that occur, and the references between them. */
    @Test
    void sarifReadBackHasWhatItsSchemaRequires() throws IOException {
        breakOne();
        run("check", "--format", "sarif", tree());
        JsonNode document = new ObjectMapper().readTree(out());
        assertThat(document.get("version").asText()).isEqualTo("2.1.0");
        assertThat(document.get("$schema").asText()).contains("sarif-2.1.0");
        JsonNode run = document.get("runs").get(0);
        JsonNode driver = run.get("tool").get("driver");
        assertThat(driver.get("name").asText()).isEqualTo("trapline");
        List<String> rules = new ArrayList<>();
        driver.get("rules").forEach(rule -> {
            rules.add(rule.get("id").asText());
            assertThat(rule.get("shortDescription").get("text").asText()).isNotEmpty();
        });
        assertThat(rules).hasSizeGreaterThan(30).doesNotHaveDuplicates();
        assertThat(run.get("results")).isNotEmpty().allSatisfy(result -> {
            assertThat(result.get("message").get("text").asText()).isNotEmpty();
            assertThat(result.get("level").asText()).isIn("none", "note", "warning", "error");
            assertThat(rules).contains(result.get("ruleId").asText());
            URI.create(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                    .asText());
            assertThat(result.get("codeFlows"))
                    .isNotEmpty()
                    .allSatisfy(flow -> assertThat(flow.get("threadFlows"))
                            .isNotEmpty()
                            .allSatisfy(thread -> assertThat(thread.get("locations"))
                                    .isNotEmpty()
                                    .allSatisfy(step ->
                                            assertThat(step.has("location")).isTrue())));
        });
        JsonNode invocation = run.get("invocations").get(0);
        assertThat(invocation.get("executionSuccessful").asBoolean()).isFalse();
        assertThat(invocation.at("/toolExecutionNotifications/0/message/text").asText())
                .contains("broken");
    }

    /** KTAP version 1: plans, numbers from 1 in order, and a parent that fails when a subtest does. */
    @Test
    void ktapReadBackAddsUp() throws IOException {
        breakOne();
        run("check", "--format", "ktap", tree());
        List<String> lines = out().lines().toList();
        assertThat(lines.subList(0, 2)).containsExactly("KTAP version 1", "1..10");
        Pattern result = Pattern.compile("( *)(ok|not ok) ([0-9]+) (\\S+.*)");
        int outer = 0;
        int inner = 0;
        int plan = 0;
        boolean allOk = true;
        for (String line : lines.subList(2, lines.size())) {
            Matcher matcher = result.matcher(line);
            if (line.startsWith("  1..")) {
                plan = Integer.parseInt(line.substring(5));
            } else if (matcher.matches() && matcher.group(1).isEmpty()) {
                assertThat(matcher.group(3)).isEqualTo("" + ++outer);
                assertThat(inner).as(line).isEqualTo(plan);
                boolean unreadable = plan == 0;
                assertThat(matcher.group(2)).as(line).isEqualTo(allOk && !unreadable ? "ok" : "not ok");
                inner = 0;
                plan = 0;
                allOk = true;
            } else if (matcher.matches()) {
                assertThat(matcher.group(3)).isEqualTo("" + ++inner);
                allOk &= matcher.group(2).equals("ok");
            } else {
                assertThat(line).matches(" *(# .*|KTAP version 1)");
            }
        }
        assertThat(outer).isEqualTo(10);
    }

    @Test
    void aResumedRunSkipsWhatWasCleanAndReportsWhatWasNot() {
        String state = directory.resolve("state.ndjson").toString();
        assertThat(run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(out()).doesNotContain("golden.t1.journal").contains("golden.t8.journal");
        assertThat(err()).contains("4 skipped as clean before");
    }

    @Test
    void aKilledRunIsTakenUpWhereItWas() throws IOException {
        Path state = directory.resolve("state.ndjson");
        run("check", "--resume", state.toString(), tree());
        List<String> whole = Files.readAllLines(state);
        assertThat(whole).hasSize(4);
        String two = String.join("\n", whole.subList(0, 2));
        Files.writeString(state, two.substring(0, two.length() - 9)); // cut off within its last line
        run("check", "--resume", state.toString(), tree());
        assertThat(err()).contains("7 journals judged, 4 with findings, 1 skipped as clean before");
        run("check", "--resume", state.toString(), tree());
        assertThat(err()).contains("4 journals judged, 4 with findings, 4 skipped as clean before");
    }

    @Test
    void aChangedJournalIsJudgedAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        Path one = Files.createDirectories(directory.resolve("one"));
        Files.move(directory.resolve("tree/a/golden.t1.journal"), one.resolve("x.journal"));
        run("check", "--resume", state, one.toString());
        assertThat(run("check", "--resume", state, one.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(err()).contains("0 journals judged, 0 with findings, 1 skipped as clean before");
        Files.move(one.resolve("x.journal"), directory.resolve("old.journal"));
        Files.move(directory.resolve("tree/a/golden.t8.journal"), one.resolve("x.journal"));
        assertThat(run("check", "--resume", state, one.toString())).isEqualTo(ExitCode.FINDING);
    }

    @Test
    void aJournalDamagedSinceIsJudgedAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        Path clean = directory.resolve("tree/a/golden.t1.journal");
        assertThat(run("check", "--resume", state, clean.toString())).isEqualTo(ExitCode.CLEAN);
        Path file = clean.resolve("19700101F.cq4");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf("kprobe"); at >= 0; at = text.indexOf("kprobe", at + 1)) {
            bytes[at] ^= 1; // both copies of the header, which the digest of the events does not cover
        }
        Files.write(file, bytes);
        assertThat(run("check", "--resume", state, clean.toString())).isNotEqualTo(ExitCode.CLEAN);
        assertThat(err()).doesNotContain("skipped");
    }

    @Test
    void otherChecksJudgeAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        String clean = directory.resolve("tree/a/golden.t1.journal").toString();
        Path monitor = Files.writeString(
                directory.resolve("m.dot"), "digraph x { __init_a -> a; a -> a [label=\"trap_bp\"] }");
        run("check", "--resume", state, clean);
        run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(err()).doesNotContain("skipped");
        run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(err()).contains("1 skipped as clean before");
        Files.writeString(monitor, "digraph x { __init_a -> a; a -> a [label=\"trap_db\"] }");
        run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(err()).doesNotContain("skipped");
    }

    @Test
    void anotherFileIsNotTakenForAStateAndStaysAsItIs() throws IOException {
        Path file = directory.resolve("tree/a/golden.t1.journal/19700101F.cq4");
        byte[] before = Files.readAllBytes(file);
        assertThat(run("check", "--resume", file.toString(), tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(err()).contains("is not a file that --resume has made");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
}
