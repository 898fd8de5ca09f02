package trapline.checks.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Traces;
import trapline.text.EventTextFile;

class MonitorTest {

    private static final Path MONITORS = Path.of("..", "samples", "monitors");

    private static CheckResult judge(String dot, String trace, boolean global) throws IOException {
        EventTextFile file = Traces.load(trace);
        CheckRun run = new CheckRun(
                file.tables(),
                List.of(MonitorCheck.parse(dot, "dir/m.dot", global).make()));
        file.events().forEach(run::accept);
        return run.results(true, consumer -> file.events().forEach(consumer::accept))
                .get(0);
    }

    private static String sample(String name) throws IOException {
        return Files.readString(MONITORS.resolve(name));
    }

    private static String automaton(String body) {
        return "digraph state_automaton {\n" + body + "\n}\n";
    }

    @Test
    void theSamplesFollowCorrectRuns() throws IOException {
        for (String trace : List.of("golden.t1", "golden.t2", "golden.t4", "golden.t5")) {
            CheckResult life = judge(sample("kprobe_life.dot"), trace, false);
            assertThat(life.verdict()).as(trace + " " + life.findings()).isEqualTo(Verdict.PASS);
        }
        assertThat(judge(sample("single_step.dot"), "golden.t4", false).verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void anEventThatIsNotPossibleIsAViolation() throws IOException {
        CheckResult result = judge(sample("single_step.dot"), "golden.t8", false);
        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.info().id()).isEqualTo("MONITOR-M");
        assertThat(result.findings().get(0).sentence())
                .isEqualTo("automaton m: event trap_bp is not possible in state step");
    }

    @Test
    void afterAViolationItWaitsForAnEventThatIsPossibleAtTheStart() throws IOException {
        String dot =
                automaton("\"__init_a\" -> \"a\"; a -> b [label = status_active]; b -> a [label = \"status_ssdone\"];"
                        + " c -> a [label = \"status_ss\"];");
        CheckResult result = judge(dot, "golden.t1", true);
        assertThat(result.findingsCount()).isEqualTo(2);
    }

    @Test
    void whatItsAlphabetLacksDoesNotConcernIt() throws IOException {
        String dot = automaton("{node [shape = ellipse] \"a\"};\n\"__init_a\" -> a; a -> a [label = \"bug\\nwarn\"]");
        assertThat(judge(dot, "golden.t1", false).verdict()).isEqualTo(Verdict.NOT_EXERCISED);
    }

    private static CheckResult judgeRun(String dot, boolean global, String events) throws IOException {
        EventTextFile file = Traces.with("SLOT-LIFE.pass", events);
        CheckRun run = new CheckRun(
                file.tables(), List.of(MonitorCheck.parse(dot, "m.dot", global).make()));
        file.events().forEach(run::accept);
        return run.results(true, consumer -> file.events().forEach(consumer::accept))
                .get(0);
    }

    /** Two CPUs that each mark, then warn: one automaton for each can follow, one for both cannot. */
    @Test
    void oneAutomatonForEachCpuOrOneForAll() throws IOException {
        String dot = automaton("__init_a -> a; a -> b [label = mark]; b -> a [label = warn];");
        String events = """
                    100  0 101000 mark    =1 "x"
                    101  1 101000 mark    =1 "x"
                    102  0 101000 warn    =1 "x"
                    103  1 101000 warn    =1 "x"
                """;
        CheckResult each = judgeRun(dot, false, events);
        assertThat(each.verdict()).isEqualTo(Verdict.PASS);
        assertThat(each.exercised()).isEqualTo(4);
        assertThat(each.info().citation()).isEqualTo("a monitor, one for each CPU");
        CheckResult all = judgeRun(dot, true, events);
        assertThat(all.info().id()).isEqualTo("MONITOR-GLOBAL-M");
        assertThat(all.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.event().step()).isEqualTo(101);
            assertThat(finding.sentence()).isEqualTo("automaton m: event mark is not possible in state b");
            assertThat(finding.causes())
                    .singleElement()
                    .satisfies(cause -> assertThat(cause.ordinal()).isZero());
        });
        assertThat(all.exercised())
                .as("a, violation, and nothing while it waits")
                .isEqualTo(2);
    }

    @Test
    void whatIsNotPossibleAtTheStartHasNoCause() throws IOException {
        String dot = automaton("__init_a -> a; a -> b [label = mark]; b -> a [label = warn];");
        CheckResult result = judgeRun(dot, false, """
                    100  0 101000 bug     =1 "x"
                    101  0 101000 warn    =1 "x"
                """);
        assertThat(result.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.causes()).isEmpty());
    }

    @Test
    void lostEventsLetItWaitAtItsStart() throws IOException {
        String dot = automaton("__init_a -> a; a -> b [label = mark]; b -> a [label = warn];");
        CheckResult result = judgeRun(dot, false, """
                    100  0 101000 mark    =1 "x"
                    101  0      0 lost    3 until 102 "gone"
                    103  0 101000 warn    =1 "x"
                    104  0 101000 mark    =1 "x"
                    105  0 101000 warn    =1 "x"
                """);
        assertThat(result.findings()).isEmpty();
        assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(result.exercised()).isEqualTo(3);
    }

    @Test
    void blanksAreNoPartOfALabelAndUnknownEventsNeverOccur() {
        MonitorCheck monitor = MonitorCheck.parse(
                        "digraph x { __init_a -> a; a -> a [label=\"bu g\\nnon sense\"] }", "m.dot", false)
                .make();
        assertThat(monitor.unknownEvents()).containsExactly("nonsense");
    }

    @ParameterizedTest
    @CsvSource({"mark, true, FAIL", "mark, false, PASS", "warn, true, PASS"})
    void aRunMayBeAskedToEndInAFinalState(String last, boolean asked, Verdict verdict) throws IOException {
        String dot = "digraph x { node [shape=circle]; b; node [shape=doublecircle]; a; __init_a -> a;"
                + " a -> b [label = mark]; b -> a [label = warn]; }";
        EventTextFile file = EventTextFile.parse(
                """
                100  0 101000 mark    =1 "x"
                101  0 101000 warn    =1 "x"
                102  0 101000 mark    =1 "x"
                %s
                104  0 101000 halt    exit =0 ""
                """.formatted(last.equals("warn") ? "103  0 101000 warn    =1 \"x\"" : ""), "x.events");
        CheckRun run = new CheckRun(
                file.tables(),
                List.of(MonitorCheck.parse(dot, "m.dot", new MonitorCheck.Way(false, asked, MonitorBinding.NONE))
                        .make()));
        file.events().forEach(run::accept);
        assertThat(run.results(true, consumer -> file.events().forEach(consumer::accept))
                        .get(0)
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void mistakesHaveAPlace() {
        assertWrong("graph x {}", "m.dot:1:1: an automaton begins with 'digraph'");
        assertWrong("digraph x {\n a -> b [label = \"bug\"]\n}", "m.dot:1:1: no initial state");
        assertWrong("digraph x {\n  a -> b\n}", "m.dot:3:1: the edge has no event");
        assertWrong("digraph x {\n a -> \"b", "m.dot:2:7: the quoted text that begins here does not end");
        assertWrong("digraph x { __init_a -> a; a -> a [label=\"bug; reset(clk)\"] }", "'bug;reset(clk)' has a reset");
        assertWrong("digraph x {", "m.dot:1:12: '}' expected, but the text ends");
        assertWrong(
                "digraph x { __init_a -> a; a -> a [label=bug]; a -> b [label=bug] }",
                "m.dot:1:48: not deterministic: 'bug' leads from a to a and to b");
        assertWrong("digraph x { a -> ; }", "m.dot:1:18: a name expected, not ';'");
    }

    private static void assertWrong(String text, String message) {
        assertThatThrownBy(() -> MonitorCheck.parse(text, "m.dot", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void brokenTextEndsInAMessage() throws IOException {
        long seed = Long.getLong("seed", 20081122);
        Random random = new Random(seed);
        String good = sample("kprobe_life.dot");
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                } else {
                    text.insert(at, "{}[]=;->\"\\\n,x".charAt(random.nextInt(13)));
                }
            }
            try {
                MonitorCheck.parse(text.toString(), "m.dot", false).make();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d", seed).matches("m\\.dot:[0-9]+:[0-9]+: .*");
            }
        }
    }
}
