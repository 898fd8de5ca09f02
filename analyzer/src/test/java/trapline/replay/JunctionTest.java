package trapline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Checks;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventTextFile;
import trapline.events.StreamState;

/**
 * What a check remembers at a point of rest is all that it needs: a fresh one that is told no more than that judges what
 * follows as one that has seen everything. At every point of rest in every trace, also where findings come later.
 */
class JunctionTest {

    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final int ROUNDS = 3;
    private static final int POINTS_MAX = 12;
    private static final int JUDGED_MIN = 20_000;

    /** Of each check how often it was exercised, and how many findings it has. */
    private record Said(Map<String, Long> exercised, Map<String, Long> findings) {}

    private static Said said(CheckRun run, List<Event> events) throws IOException {
        Map<String, Long> exercised = new LinkedHashMap<>();
        Map<String, Long> findings = new LinkedHashMap<>();
        for (CheckResult result : run.results(false, consumer -> events.forEach(consumer::accept))) {
            exercised.put(result.info().id(), result.exercised());
            findings.put(result.info().id(), result.findingsCount());
        }
        return new Said(exercised, findings);
    }

    /** A run over some events; from: what is known before them, with the stream's state. */
    private static CheckRun run(RepeatedTrace trace, List<Event> events, @Nullable Junction from, StreamState before) {
        List<Check> checks = new ArrayList<>(Checks.all());
        CheckRun run = new CheckRun(trace.tables(), checks);
        if (from != null) {
            run.replay().goOn(from, before.copy());
        }
        events.forEach(run::accept);
        return run;
    }

    private static List<RepeatedTrace> traces() throws IOException {
        List<RepeatedTrace> traces = new ArrayList<>();
        try (Stream<Path> files = Files.list(TRACES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".events")).sorted().toList()) {
                String name = file.toString();
                traces.add(new RepeatedTrace(name, EventTextFile.parse(Files.readString(file), name), ROUNDS));
            }
        }
        return traces;
    }

    /** The events of a trace before which the stream rests, some of them where there are many. */
    private static List<Integer> rests(RepeatedTrace trace) {
        Guest guest = new CheckRun(trace.tables(), List.of()).state().guest();
        StreamState state = new StreamState(
                Math.max(1, trace.tables().cpus()), trace.tables().observed());
        List<Integer> rests = new ArrayList<>();
        for (Event event : trace.all()) {
            if (event.step() > state.step() && rests(state, guest)) {
                rests.add((int) event.ordinal());
            }
            state.apply(event);
        }
        int every = 1 + rests.size() / POINTS_MAX;
        return rests.stream().filter(at -> rests.indexOf(at) % every == 0).toList();
    }

    private static boolean rests(StreamState state, Guest guest) {
        for (int cpu = 0; cpu < state.cpus(); cpu++) {
            if (state.frameDepth(cpu) > 0
                    || (state.eflags(cpu) & (Eflags.IF | Eflags.TF)) != Eflags.IF
                    || guest.value(state, Role.CURRENT, cpu) != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aMemoryIsAllThatMatters() throws IOException {
        int judged = 0;
        for (RepeatedTrace trace : traces()) {
            Said all = said(run(trace, trace.all(), null, new StreamState(1, List.of())), trace.all());
            for (int at : rests(trace)) {
                judged += compare(trace, at, all);
            }
        }
        assertThat(judged).isGreaterThan(JUDGED_MIN);
    }

    /** Compares at one point; returns how many checks were compared. */
    private static int compare(RepeatedTrace trace, int at, Said all) throws IOException {
        List<Event> before = trace.all().subList(0, at);
        List<Event> after = trace.all().subList(at, trace.all().size());
        CheckRun first = run(trace, before, null, new StreamState(1, List.of()));
        Junction junction = first.replay().certain() ? first.replay().junction(null) : null;
        if (junction == null) {
            return 0;
        }
        Said known = said(first, before);
        Said rest = said(run(trace, after, junction, first.state().stream()), trace.all());
        rest.exercised()
                .forEach((id, times) -> assertThat(
                                times + Objects.requireNonNull(known.exercised().get(id)))
                        .as("%s, %s before event %d", trace.name(), id, at)
                        .isEqualTo(all.exercised().get(id)));
        rest.findings()
                .forEach((id, count) -> assertThat(count)
                        .as("findings: %s, %s before event %d", trace.name(), id, at)
                        .isEqualTo(all.findings().get(id)));
        return all.exercised().size();
    }
}
