package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.monitor.MonitorCheck;
import trapline.events.Event;
import trapline.replay.RepeatedTrace;
import trapline.replay.TwoParts;
import trapline.text.EventTextFile;

/**
 * What a check remembers at a point of rest is all that it needs: a fresh one that is told no more than that judges what
 * follows as one that has seen everything. At every point of rest in every trace, also where findings come later.
 */
class JunctionTest {

    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final int ROUNDS = 3;
    private static final int POINTS_MAX = 40;

    /** What is added to the ordinals of a part that is replayed by somebody who has seen the same ordinals before. */
    private static final long ELSEWHERE = 1_000_000;

    /** A monitor that stands in another state after every second trap. */
    private static final MonitorCheck.Maker TURNS = MonitorCheck.parse(
            "digraph state_automaton { \"__init_a\" -> \"a\"; a -> b [label = trap_bp]; b -> a [label = trap_bp]; }",
            "turns.dot",
            false);

    /** Of each check how often it was exercised, and its findings. */
    private record Said(Map<String, Long> exercised, Map<String, List<String>> findings) {}

    private static Said said(CheckRun run, List<Event> events) throws IOException {
        Map<String, Long> exercised = new LinkedHashMap<>();
        Map<String, List<String>> findings = new LinkedHashMap<>();
        for (CheckResult result : run.results(false, consumer -> events.forEach(consumer::accept))) {
            exercised.put(result.info().id(), result.exercised());
            findings.put(
                    result.info().id(),
                    result.findings().stream()
                            .map(f -> f.event().ordinal() % ELSEWHERE + ": " + f.signature() + ": " + f.sentence())
                            .toList());
        }
        return new Said(exercised, findings);
    }

    private static CheckRun fresh(RepeatedTrace trace) {
        List<Check> checks = new ArrayList<>(Checks.all());
        checks.add(TURNS.make());
        return new CheckRun(trace.tables(), checks);
    }

    static List<String> traces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".events"))
                    .sorted()
                    .toList();
        }
    }

    private static RepeatedTrace trace(String name, int rounds) throws IOException {
        return new RepeatedTrace(name, EventTextFile.parse(Files.readString(TRACES.resolve(name)), name), rounds);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void aMemoryIsAllThatMatters(String name) throws IOException {
        RepeatedTrace trace = trace(name, ROUNDS);
        CheckRun one = fresh(trace);
        trace.all().forEach(one::accept);
        Said all = said(one, trace.all());
        int judged = 0;
        for (int at : trace.rests(POINTS_MAX)) {
            judged += compare(trace, at, all) ? 1 : 0;
        }
        assertThat(judged).as(name).isPositive();
    }

    /** Whoever has replayed another part forgets it: of all pairs of points, one behind that part and one to go on from. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory.died.events",
                "memory.instance.events",
                "memory.slot.events",
                "memory.text.events",
                "GLOBAL-DISABLE.pass.events",
                "RETURN-ADDRESS.fail.events",
                "VANISHED-UNTOUCHED.pass.events",
            })
    void whatIsRecalledReplacesWhatWasKnown(String name) throws IOException {
        RepeatedTrace trace = trace(name, 1);
        CheckRun one = fresh(trace);
        trace.all().forEach(one::accept);
        Said all = said(one, trace.all());
        List<Integer> points = trace.rests(POINTS_MAX);
        for (int other : points) {
            for (int at : points) {
                goOnElsewhere(trace, other, at, all);
            }
        }
    }

    private static void goOnElsewhere(RepeatedTrace trace, int other, int at, Said all) throws IOException {
        CheckRun used = fresh(trace);
        CheckRun first = fresh(trace);
        trace.all().subList(0, other).forEach(used::accept);
        trace.all().subList(0, at).forEach(first::accept);
        boolean rests = TwoParts.goOn(used.replay(), fresh(trace).replay());
        if (!rests || !TwoParts.goOn(first.replay(), used.replay())) {
            return;
        }
        Map<String, Long> before = said(used, trace.all()).exercised();
        for (Event event : trace.all().subList(at, trace.all().size())) {
            used.accept(event.copy().ordinal(ELSEWHERE + event.ordinal()));
        }
        Said after = said(used, trace.all());
        String where = trace.name() + " before event " + at + ", having seen what is before event " + other;
        assertThat(after.findings()).as(where).isEqualTo(all.findings());
        said(first, trace.all())
                .exercised()
                .forEach((id, times) -> assertThat(
                                times + after.exercised().getOrDefault(id, 0L) - before.getOrDefault(id, 0L))
                        .as("%s: %s", where, id)
                        .isEqualTo(all.exercised().get(id)));
    }

    /** Compares at one point; false where the first part cannot be told apart from what follows. */
    private static boolean compare(RepeatedTrace trace, int at, Said all) throws IOException {
        CheckRun first = fresh(trace);
        CheckRun second = fresh(trace);
        trace.all().subList(0, at).forEach(first::accept);
        if (!TwoParts.goOn(first.replay(), second.replay())) {
            return false;
        }
        trace.all().subList(at, trace.all().size()).forEach(second::accept);
        String where = trace.name() + " before event " + at;
        assertThat(said(second, trace.all()).findings()).as(where).isEqualTo(all.findings());
        TwoParts.add(first.replay(), second.replay());
        assertThat(said(first, trace.all()).exercised()).as(where).isEqualTo(all.exercised());
        return true;
    }
}
