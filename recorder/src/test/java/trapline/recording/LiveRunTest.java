package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.machine.RunResult;
import trapline.scenario.Catalogue;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioReader;

/** Captured and restored anywhere is never captured: the machine, its devices, scheduler, points, listener, console. */
class LiveRunTest {

    private static final int PLACES = 6;

    /** A hash over every event, its ordinal included. */
    private static final class Digest implements EventConsumer {
        private long hash;
        private long events;

        @Override
        public void accept(Event event) {
            hash = 31 * hash + event.toString().hashCode();
            events++;
        }
    }

    static List<String> scenarios() {
        return Catalogue.names("scenarios", ".yaml").stream()
                .filter(name -> !name.startsWith("test-") && !name.equals("pounding"))
                .toList();
    }

    private static Scenario scenario(String name, String schedule) throws Exception {
        Overrides overrides = new Overrides();
        if (!schedule.isEmpty()) {
            overrides.set("schedule.kind=" + schedule);
        }
        return ScenarioReader.read(name, overrides);
    }

    private static LiveRun live(Scenario scenario, EventConsumer listener) throws Exception {
        return Recording.prepare(scenario, "test", true).live(listener);
    }

    private static String end(LiveRun run, RunResult result, Digest digest) {
        run.end(result);
        return result + " " + digest.hash + " " + digest.events + " "
                + run.machine().stateDigest() + " " + run.director().unreached() + " "
                + run.machine().console();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void goingBackAnywhereIsNeverHavingGoneOn(String name) throws Exception {
        check(scenario(name, ""));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void everySchedulerGoesBackToo(String kind) throws Exception {
        check(scenario("bug-42-slot", kind));
    }

    static List<String> schedules() {
        return List.of("random", "pct", "round-robin");
    }

    private static void check(Scenario scenario) throws Exception {
        Digest plain = new Digest();
        LiveRun never = live(scenario, plain);
        RunResult result = never.run(Long.MAX_VALUE);
        String expected = end(never, result, plain);
        Random random = new Random(result.step());
        List<Long> places = new ArrayList<>(List.of(0L));
        for (int i = 0; i < PLACES; i++) {
            places.add((long) random.nextInt((int) result.step()));
        }
        places.sort(null);

        Digest digest = new Digest();
        LiveRun run = live(scenario, digest);
        List<LiveRun.State> states = new ArrayList<>();
        for (long place : places) {
            run.run(place);
            LiveRun.State here = run.save();
            states.add(here);
            long hash = digest.hash;
            long events = digest.events;
            run.run(place + 1 + random.nextInt(3000));
            run.restore(states.get(random.nextInt(states.size())));
            run.run(place + random.nextInt(500));
            run.restore(here);
            digest.hash = hash;
            digest.events = events;
        }
        assertThat(end(run, run.run(Long.MAX_VALUE), digest)).isEqualTo(expected);
    }
}
