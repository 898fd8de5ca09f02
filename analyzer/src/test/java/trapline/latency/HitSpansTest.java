package trapline.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trapline.events.Event;
import trapline.replay.Replay;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** The spans of probe hits against {@link HitOracle}: on random streams and on every recorded trace of the checks. */
final class HitSpansTest {
    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final long SEED = Long.getLong("seed", 20_080_102);
    private static final int RUNS = 20;
    private static final int HITS = 400;
    private static final int SAMPLES_MIN = 200;
    private static final List<Span> SPANS =
            List.of(Span.HIT, Span.HIT_STEPPED, Span.HIT_DIRECT, Span.HIT_REENTERED, Span.HIT_CANCELLED, Span.NOT_OURS);

    private static Map<String, Histogram> measured(EventTextTables tables, List<Event> events) {
        LatencyTable table = new LatencyTable(Unit.INSTRUCTIONS, Grouping.NONE, List.of());
        Replay replay = new Replay(tables, table.listeners(tables, "", ""));
        events.forEach(replay::accept);
        replay.end();
        Map<String, Histogram> bySpan = new HashMap<>();
        table.rows().forEach((key, row) -> bySpan.put(key.span(), row.histogram()));
        return bySpan;
    }

    private static void assertMeasured(EventTextTables tables, List<Event> events, String what) {
        Map<String, List<Long>> expected = HitOracle.lengths(tables, events);
        Map<String, Histogram> measured = measured(tables, events);
        for (Span span : SPANS) {
            Histogram histogram = measured.getOrDefault(span.label(), new Histogram(3));
            Histogram same = histogram.copy();
            same.reset();
            List<Long> lengths = expected.getOrDefault(span.label(), List.of());
            lengths.forEach(same::recordValue);
            assertThat(histogram.getTotalCount())
                    .as("number of %s in %s", span.label(), what)
                    .isEqualTo(lengths.size());
            assertThat(histogram).as("%s in %s", span.label(), what).isEqualTo(same);
        }
    }

    @Test
    void areThoseOfRandomStreams() throws IOException {
        EventTextTables tables = EventTextFile.parse("""
                @observe status 20000/4 kprobe_status
                @observe current 20004/4 current_kprobe
                """, "tables").tables();
        Map<String, Integer> seen = new HashMap<>();
        for (int run = 0; run < RUNS; run++) {
            List<Event> events = RandomHits.events(SEED + run, HITS, 0, 1);
            assertMeasured(tables, events, "seed " + (SEED + run));
            HitOracle.lengths(tables, events).forEach((span, l) -> seen.merge(span, l.size(), Integer::sum));
        }
        assertThat(SPANS)
                .allSatisfy(span -> assertThat(seen.getOrDefault(span.label(), 0))
                        .as("number of %s", span.label())
                        .isGreaterThan(SAMPLES_MIN));
    }

    private static Stream<String> recordedTraces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(name -> name.matches("(golden|run)\\..*\\.events"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordedTraces")
    void areThoseOfRecordedTraces(String name) throws IOException {
        EventTextFile trace = EventTextFile.parse(Files.readString(TRACES.resolve(name)), name);
        assertMeasured(trace.tables(), trace.events(), name);
    }
}
