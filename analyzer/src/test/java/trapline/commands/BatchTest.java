package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import trapline.cli.ExitCode;

/** {@code check} over a tree of journals: clean ones, failing ones, one that is cut off, one that is none. */
class BatchTest {

    @TempDir
    Path directory = Path.of(".");

    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeEach
    void makeTree() throws IOException {
        for (String folder : List.of("a", "b/c")) {
            Path path = Files.createDirectories(directory.resolve("tree").resolve(folder));
            for (String trace : List.of("golden.t1", "golden.t4", "golden.t8", "golden.t9")) {
                TraceJournals.write(trace, path);
            }
        }
    }

    private String tree() {
        return directory.resolve("tree").toString();
    }

    @Test
    void aTreeIsJudgedInTheOrderOfItsNamesAndFailuresAreGrouped() {
        assertThat(analyzer.run("check", tree())).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out().lines().filter(line -> line.contains(".journal") && !line.contains("smallest")))
                .hasSize(8)
                .first()
                .asString()
                .startsWith("PASS")
                .contains("a/golden.t1.journal");
        assertThat(analyzer.out())
                .contains("Failures by signature", "     2  PREEMPT-BALANCED in kprobe_handler for p1", "smallest: ");
        assertThat(analyzer.err()).contains("8 journals judged, 4 with findings");
    }

    @Test
    void theOutputDoesNotDependOnTheNumberOfThreads() {
        for (String format : List.of("text", "json", "junit", "sarif", "ktap")) {
            analyzer.run("check", "--threads", "1", "--format", format, tree());
            String one = analyzer.out();
            for (int threads = 2; threads <= 7; threads++) {
                analyzer.run("check", "--threads", "" + threads, "--format", format, tree());
                assertThat(analyzer.out())
                        .as("%s with %d threads", format, threads)
                        .isEqualTo(one);
            }
        }
    }

    @Test
    void thereIsAtLeastOneThread() {
        assertThat(analyzer.run("check", "--threads", "0", tree())).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("--threads 0: at least 1");
    }

    @Test
    void whatCannotBeReadIsReportedAndTheRestIsJudged() throws IOException {
        Path broken = Files.createDirectories(directory.resolve("tree/a/broken.journal"));
        Files.writeString(broken.resolve("19700101F.cq4"), "not a queue");
        assertThat(analyzer.run("check", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.out()).contains("UNREADABLE", "broken.journal", "b/c/golden.t9.journal");
        assertThat(analyzer.err()).containsPattern("(?m)^trapline-analyzer: .*broken.journal");
        assertThat(analyzer.run("check", "--format", "ktap", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.out()).startsWith("KTAP version 1\n1..9\n").contains("not ok 1 ", "# ERROR");
    }

    @Test
    void whatIsMissingIsNotJudged() {
        String missing = directory.resolve("missing.journal").toString();
        assertThat(analyzer.run("check", missing)).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err())
                .contains("missing.journal: no such journal", "0 journals judged, 0 with findings, 1 unreadable");
        assertThat(analyzer.run("check", missing, tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("8 journals judged, 4 with findings, 1 unreadable");
    }

    @Test
    void bundlesInATreeAreJudgedAsTheirJournalsAre() throws IOException {
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        Path bundle = directory.resolve("tree/b/t8.trap");
        assertThat(analyzer.run("bundle", journal, "-o", bundle.toString())).isEqualTo(ExitCode.CLEAN);
        Files.writeString(directory.resolve("tree/b/broken.trap"), "PK, but no archive");
        assertThat(analyzer.run("check", tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("9 journals judged, 5 with findings, 1 unreadable");
        assertThat(analyzer.out())
                .containsPattern("FAIL +\\S*t8.trap: CURRENT-BALANCED, PREEMPT-BALANCED")
                .contains("UNREADABLE", "broken.trap", "     3  PREEMPT-BALANCED in kprobe_handler for p1");
    }

    @Test
    void theExitCodeIsTheWorstOfAll() throws IOException {
        String clean = directory.resolve("tree/a/golden.t1.journal").toString();
        String failing = directory.resolve("tree/a/golden.t8.journal").toString();
        String open = TraceJournals.writeUnclosed("golden.t2", directory).toString();
        String none = directory.resolve("none").toString();
        assertThat(analyzer.run("check", clean, clean)).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.run("check", clean, open)).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.run("check", open, failing, clean)).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.run("check", none, failing, open)).isEqualTo(ExitCode.UNREADABLE);
    }

    @Test
    void theSmallestExampleOfAGroupIsTheJournalWithTheFewestEvents() throws IOException {
        assertThat(analyzer.run("check", tree())).isEqualTo(ExitCode.FINDING);
        String group = analyzer.out().substring(analyzer.out().indexOf("CURRENT-BALANCED in kprobe_handler for p1"));
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
        assertThat(analyzer.run("check", "--monitor", step, "--monitor", "global:" + step, journal))
                .isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out()).containsPattern("FAIL +MONITOR-SINGLE-STEP").contains("MONITOR-GLOBAL-SINGLE-STEP");
        Path wrong = Files.writeString(
                directory.resolve("wrong.dot"), "digraph x {\n a -> b [label=\"zzz;x<1\"]; __init_a -> a }");
        assertThat(analyzer.run("check", "--monitor", wrong.toString(), journal))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("wrong.dot:2:9: 'zzz;x<1' has a guard");
        assertThat(analyzer.run("check", "--monitor", "global:", journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).contains("names no file");
        assertThat(analyzer.run("check", "--monitor", directory.toString(), journal))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("is a directory, not a file");
        assertThat(analyzer.run("check", "--monitor", "nosuch.dot", journal)).isEqualTo(ExitCode.UNREADABLE);
    }

    /** As the kernel's own models are: with events that no journal has, unless a file beside it says what is meant. */
    @Test
    void eventsOfAMonitorCanBeBoundToThoseOfAJournal() throws IOException {
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        Path model = Files.writeString(directory.resolve("sco.dot"), """
                digraph state_automaton {
                    {node [shape = plaintext, style=invis, label=""] "__init_thread"};
                    {node [shape = circle] "scheduling"};
                    {node [shape = doublecircle] "thread"};
                    "__init_thread" -> "thread";
                    "scheduling" -> "thread" [ label = "schedule_exit" ];
                    "thread" -> "scheduling" [ label = "schedule_entry" ];
                }
                """);
        analyzer.run("check", "-v", "--monitor", model.toString(), journal);
        assertThat(analyzer.err()).contains("no event of a journal is called schedule_entry, schedule_exit");
        assertThat(analyzer.out()).doesNotContainPattern("(PASS|FAIL) +MONITOR-SCO");
        Path map = Files.writeString(
                directory.resolve("sco.map"), "# binds\nschedule_entry = trap_bp, trap_db\nschedule_exit = iret_bp\n");
        analyzer.run("check", "-v", "--monitor", model.toString(), journal);
        assertThat(analyzer.err()).doesNotContain("no event of a journal");
        assertThat(analyzer.out()).containsPattern("(PASS|FAIL) +MONITOR-SCO");
        Files.writeString(map, "schedule_entry = no_such\n");
        assertThat(analyzer.run("check", "--monitor", model.toString(), journal))
                .isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("sco.map:1: no event of a journal has the label 'no_such'");
    }

    @Test
    void shippedMonitorsHaveNames() throws IOException {
        String journal = directory.resolve("tree/a/golden.t8.journal").toString();
        assertThat(analyzer.run("check", "-v", "--monitor", "single_step", "--monitor", "global:kprobe_life", journal))
                .isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out()).containsPattern("FAIL +MONITOR-SINGLE-STEP").contains("MONITOR-GLOBAL-KPROBE-LIFE");
        assertThat(analyzer.run("check", "--monitor", "singlestep", journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err())
                .isEqualTo("trapline-analyzer: singlestep: no such file, and no monitor of that name; did you mean"
                        + " 'single_step'?\n");
        assertThat(analyzer.run("check", "--monitor", "mine", journal)).isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.err()).endsWith("; those that are shipped are kprobe_life, single_step\n");
        assertThat(analyzer.run("checks")).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.out()).contains("check --monitor single_step", "check --monitor kprobe_life");
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
        assertThat(analyzer.run("check", "--json", tree())).isEqualTo(ExitCode.FINDING);
        List<String> lines = analyzer.out().lines().toList();
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
        analyzer.run("check", "--format", "junit", tree());
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(analyzer.out().getBytes(StandardCharsets.UTF_8)));
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
        analyzer.run("check", "--format", "sarif", tree());
        JsonNode document = new ObjectMapper().readTree(analyzer.out());
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
        analyzer.run("check", "--format", "ktap", tree());
        List<String> lines = analyzer.out().lines().toList();
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
        assertThat(analyzer.run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.run("check", "--resume", state, tree())).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out()).doesNotContain("golden.t1.journal").contains("golden.t8.journal");
        assertThat(analyzer.err()).contains("4 skipped as clean before");
    }

    @Test
    void aKilledRunIsTakenUpWhereItWas() throws IOException {
        Path state = directory.resolve("state.ndjson");
        analyzer.run("check", "--resume", state.toString(), tree());
        List<String> whole = Files.readAllLines(state);
        assertThat(whole).hasSize(4);
        String two = String.join("\n", whole.subList(0, 2));
        Files.writeString(state, two.substring(0, two.length() - 9)); // cut off within its last line
        analyzer.run("check", "--resume", state.toString(), tree());
        assertThat(analyzer.err()).contains("7 journals judged, 4 with findings, 1 skipped as clean before");
        analyzer.run("check", "--resume", state.toString(), tree());
        assertThat(analyzer.err()).contains("4 journals judged, 4 with findings, 4 skipped as clean before");
    }

    @Test
    void aChangedJournalIsJudgedAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        Path one = Files.createDirectories(directory.resolve("one"));
        Files.move(directory.resolve("tree/a/golden.t1.journal"), one.resolve("x.journal"));
        analyzer.run("check", "--resume", state, one.toString());
        assertThat(analyzer.run("check", "--resume", state, one.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).contains("0 journals judged, 0 with findings, 1 skipped as clean before");
        Files.move(one.resolve("x.journal"), directory.resolve("old.journal"));
        Files.move(directory.resolve("tree/a/golden.t8.journal"), one.resolve("x.journal"));
        assertThat(analyzer.run("check", "--resume", state, one.toString())).isEqualTo(ExitCode.FINDING);
    }

    @Test
    void aJournalDamagedSinceIsJudgedAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        Path clean = directory.resolve("tree/a/golden.t1.journal");
        assertThat(analyzer.run("check", "--resume", state, clean.toString())).isEqualTo(ExitCode.CLEAN);
        Path file = clean.resolve("19700101F.cq4");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf("kprobe"); at >= 0; at = text.indexOf("kprobe", at + 1)) {
            bytes[at] ^= 1; // both copies of the header, which the digest of the events does not cover
        }
        Files.write(file, bytes);
        assertThat(analyzer.run("check", "--resume", state, clean.toString())).isNotEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.err()).doesNotContain("skipped");
    }

    @Test
    void otherChecksJudgeAgain() throws IOException {
        String state = directory.resolve("state.ndjson").toString();
        String clean = directory.resolve("tree/a/golden.t1.journal").toString();
        Path monitor = Files.writeString(
                directory.resolve("m.dot"), "digraph x { __init_a -> a; a -> a [label=\"trap_bp\"] }");
        analyzer.run("check", "--resume", state, clean);
        analyzer.run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(analyzer.err()).doesNotContain("skipped");
        analyzer.run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(analyzer.err()).contains("1 skipped as clean before");
        Files.writeString(monitor, "digraph x { __init_a -> a; a -> a [label=\"trap_db\"] }");
        analyzer.run("check", "--resume", state, "--monitor", monitor.toString(), clean);
        assertThat(analyzer.err()).doesNotContain("skipped");
    }

    @Test
    void anotherFileIsNotTakenForAStateAndStaysAsItIs() throws IOException {
        Path file = directory.resolve("tree/a/golden.t1.journal/19700101F.cq4");
        byte[] before = Files.readAllBytes(file);
        assertThat(analyzer.run("check", "--resume", file.toString(), tree())).isEqualTo(ExitCode.UNREADABLE);
        assertThat(analyzer.err()).contains("is not a file that --resume has made");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
}
