package trapline.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.checks.kprobes.Checks;
import trapline.checks.kprobes.Traces;
import trapline.checks.monitor.MonitorCheck;
import trapline.events.Event;
import trapline.replay.ReplayMemory;
import trapline.text.EventTextFile;

/** A run of checks that is taken back to any place and goes on says what one says that never went back. */
class ForkTest {

    private static final int PLACES = 3;

    static List<String> traces() throws IOException {
        Path folder = Path.of("src/test/resources/trapline/checks");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".events"))
                    .map(name -> name.substring(0, name.length() - ".events".length()))
                    .sorted()
                    .toList();
        }
    }

    /** All checks, and a monitor of each kind: a user's is no exception. */
    private static List<Check> checks() throws IOException {
        String dot = Files.readString(Path.of("..", "samples", "monitors", "kprobe_life.dot"));
        List<Check> checks = new ArrayList<>(Checks.all());
        checks.add(MonitorCheck.parse(dot, "life.dot", false).make());
        checks.add(MonitorCheck.parse(dot, "life.dot", true).make());
        return checks;
    }

    private static String say(CheckRun run, EventTextFile trace) {
        try {
            return run.results(true, out -> trace.events().forEach(out::accept)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(CheckRun run, List<Event> events) {
        events.forEach(run::accept);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void goingBackAnywhereIsNeverHavingGoneOn(String name) throws IOException {
        EventTextFile trace = Traces.load(name);
        List<Event> events = trace.events();
        CheckRun plain = new CheckRun(trace.tables(), checks());
        feed(plain, events);
        String expected = say(plain, trace);
        for (int i = 0; i <= PLACES; i++) {
            int place = events.size() * i / PLACES;
            CheckRun run = new CheckRun(trace.tables(), checks());
            feed(run, events.subList(0, place));
            ReplayMemory memory = run.save();
            feed(run, events.subList(place, events.size()));
            // Something else, which would be noticed if any of it stayed.
            feed(run, events.subList(events.size() / 3, events.size() / 2));
            run.restore(memory);
            feed(run, events.subList(place, events.size()));
            assertThat(say(run, trace)).as("back to event %d", place).isEqualTo(expected);

            CheckRun fork = new CheckRun(trace.tables(), checks());
            fork.restore(memory);
            feed(fork, events.subList(place, events.size()));
            assertThat(say(fork, trace)).as("forked at event %d", place).isEqualTo(expected);
        }
    }

    @Test
    void whatIsTakenBackTwiceIsTheSameTwice() throws IOException {
        EventTextFile trace = Traces.load("golden.t9");
        List<Event> events = trace.events();
        CheckRun run = new CheckRun(trace.tables(), checks());
        feed(run, events.subList(0, events.size() / 2));
        ReplayMemory memory = run.save();
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            run.restore(memory);
            feed(run, events.subList(events.size() / 2, events.size()));
            said.add(say(run, trace));
        }
        assertThat(said).allMatch(said.get(0)::equals);
        assertThat(Objects.requireNonNull(said.get(0))).contains("FAIL");
    }
}
