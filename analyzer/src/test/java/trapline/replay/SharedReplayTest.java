package trapline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import trapline.checks.CheckRun;
import trapline.checks.monitor.MonitorCheck;
import trapline.latency.UserSpan;
import trapline.replay.Judges.Said;
import trapline.text.EventTextFile;

/** What several threads say of a stream that they share is what one says. */
class SharedReplayTest {

    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final long SEED = Long.getLong("seed", 20_261_122);
    private static final int ROUNDS = 40;
    private static final int DIVISIONS = 6;
    private static final int SHARED_MIN = 100;

    /** Comes back to where it began only after an even number of #BP. */
    private static final MonitorCheck.Maker TURNS = MonitorCheck.parse(
            "digraph state_automaton { \"__init_a\" -> \"a\"; a -> b [label = trap_bp]; b -> a [label = trap_bp]; }",
            "turns.dot",
            false);

    private static final List<UserSpan> SPANS = UserSpan.parse("""
            spans:
              - name: handler
                from: {kind: call_entry, function: kprobe_handler}
                to: {kind: trap_exit}
            """);

    private static Judges judges(RepeatedTrace stream, boolean inTurns) {
        return new Judges(stream.tables(), SPANS, inTurns ? List.of(TURNS) : List.of());
    }

    private static Said alone(RepeatedTrace stream, boolean inTurns) throws IOException {
        Judges judges = judges(stream, inTurns);
        CheckRun run = judges.get();
        stream.all().forEach(run::accept);
        return judges.results(false, run, stream.all());
    }

    private static Said shared(RepeatedTrace stream, boolean inTurns, int edge, int partBlocks, int threads)
            throws IOException {
        Judges judges = judges(stream, inTurns);
        CheckRun run = judges.get();
        boolean fits =
                new SharedReplay(stream, edge, partBlocks).run(new Repeats(run.replay(), judges), threads, judges);
        return fits ? judges.results(true, run, stream.all()) : new Said(false, List.of(), "");
    }

    private static RepeatedTrace load(Path trace) throws IOException {
        String name = trace.toString();
        return new RepeatedTrace(name, EventTextFile.parse(Files.readString(trace), name), ROUNDS);
    }

    private static List<Path> traces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            return files.filter(file -> file.toString().endsWith(".events"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void saysWhatOneSays() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int shared = 0;
        for (Path trace : traces()) {
            RepeatedTrace stream = load(trace);
            for (int i = 0; i < DIVISIONS; i++) {
                int round = stream.roundEvents();
                stream.inBlocksOf(i % 2 == 0 ? round : 1 + round / 2 + random.nextInt(round));
                Said said = shared(stream, false, 1 + random.nextInt(3), 1 + random.nextInt(4), 2 + random.nextInt(2));
                if (said.shared()) {
                    shared++;
                    Said expected = alone(stream, false);
                    String what = trace + ", seed " + SEED;
                    assertThat(said.results())
                            .as(what)
                            .hasToString(expected.results().toString());
                    assertThat(said.latencies()).as(what).isEqualTo(expected.latencies());
                }
            }
        }
        assertThat(shared).isGreaterThan(SHARED_MIN);
    }

    @Test
    void doesNotShareWhatEndsOtherwiseThanItBegan() throws IOException {
        RepeatedTrace oneHit = load(TRACES.resolve("CURRENT-BALANCED.pass.events"));
        oneHit.inBlocksOf(oneHit.roundEvents());
        assertThat(shared(oneHit, false, 1, 1, 2).shared()).isTrue();
        assertThat(shared(oneHit, true, 1, 1, 2).shared()).isFalse();
    }
}
