package trapline.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.TrapVector;
import trapline.replay.Replay;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

final class LatenciesTest {

    private static final long SEED = Long.getLong("seed", 20_080_101);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static LatencyTable measure(EventTextTables tables, List<Event> events, UserSpan... spans) {
        LatencyTable table = new LatencyTable(Unit.INSTRUCTIONS, Grouping.NONE, List.of(spans));
        Replay replay = new Replay(tables, table.listeners(tables, "", ""));
        events.forEach(replay::accept);
        replay.end();
        return table;
    }

    private static LatencyTable measure(String text, UserSpan... spans) {
        EventTextFile file = EventTextFile.parse(text, "test");
        return measure(file.tables(), file.events(), spans);
    }

    private static Measured row(LatencyTable table, String span) {
        return table.rows().entrySet().stream()
                .filter(entry -> entry.getKey().span().equals(span))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** Traps that nest at random, and what a list of their lengths says. */
    private static Map<Integer, List<Long>> traps(List<Event> events) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Integer, List<Long>> lengths = new HashMap<>();
        long step = 0;
        long frame = 0;
        List<long[]> open = new ArrayList<>();
        int[] vectors = {TrapVector.BP, TrapVector.DB, TrapVector.NMI};
        for (int i = 0; i < 20_000 || !open.isEmpty(); i++) {
            step += 1 + random.nextInt(60);
            if (i < 20_000 && (open.isEmpty() || (open.size() < 5 && random.nextInt(2) == 0))) {
                int vector = vectors[random.nextInt(vectors.length)];
                open.add(new long[] {++frame, vector, step});
                events.add(new Event()
                        .begin(EventKind.TRAP_ENTRY, step, 0, 0x1000)
                        .set(TrapEntry.VECTOR, vector)
                        .set(TrapEntry.IP, 0x1001)
                        .set(TrapEntry.CS, 8)
                        .set(TrapEntry.FRAME, frame)
                        .ordinal(events.size()));
            } else {
                long[] last = open.remove(open.size() - 1);
                lengths.computeIfAbsent((int) last[1], v -> new ArrayList<>()).add(step - last[2]);
                events.add(new Event()
                        .begin(EventKind.TRAP_EXIT, step, 0, 0x2000)
                        .set(TrapExit.IP, 0x1001)
                        .set(TrapExit.FRAME, last[0])
                        .ordinal(events.size()));
            }
        }
        return lengths;
    }

    @Test
    void percentilesAreThoseOfASortedList() {
        List<Event> events = new ArrayList<>();
        Map<Integer, List<Long>> lengths = traps(events);
        LatencyTable table = measure(EventTextTables.EMPTY, events);
        lengths.forEach((vector, unsorted) -> {
            long[] sorted =
                    unsorted.stream().mapToLong(Long::longValue).sorted().toArray();
            Histogram histogram = row(table, Span.ofTrap(vector).label()).histogram();
            assertThat(histogram.getTotalCount()).isEqualTo(sorted.length);
            for (Percentile percentile : Percentile.ALL) {
                long thousandths = Math.round(percentile.percent() * 1000);
                int rank = (int) Math.max(1, (thousandths * sorted.length + 99_999) / 100_000);
                assertThat(percentile.in(histogram))
                        .as("%s of vector %s, seed %s", percentile.name(), vector, SEED)
                        .isEqualTo(sorted[rank - 1]);
            }
        });
    }

    /** Lengths of what begins and ends with an event, by span, from a list of events alone. */
    private static Map<String, List<Long>> spans(EventTextTables tables, List<Event> events) {
        Map<String, List<Long>> lengths = new HashMap<>();
        Map<Long, long[]> frames = new HashMap<>();
        Deque<long[]> calls = new ArrayDeque<>();
        long[] since = {-1, -1, -1};
        String[] states = {"if-clear", "tf-set", "current-set"};
        int flags = Eflags.FIXED;
        long current = 0;
        for (Event e : events) {
            long step = e.step();
            switch (e.kind()) {
                case TRAP_ENTRY -> {
                    frames.put(e.value(TrapEntry.FRAME), new long[] {step, e.value(TrapEntry.VECTOR)});
                    flags &= ~Eflags.TF;
                }
                case TRAP_EXIT -> {
                    long[] frame = Objects.requireNonNull(frames.remove(e.value(TrapExit.FRAME)));
                    add(lengths, Span.ofTrap((int) frame[1]).label(), step - frame[0]);
                    flags = e.intValue(TrapExit.EFLAGS);
                }
                case EFLAGS_WRITE ->
                    flags = e.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code() ? flags : e.intValue(EflagsWrite.NEW);
                case CURRENT_KPROBE -> current = e.value(Variable.NEW);
                case CALL_ENTRY -> calls.push(new long[] {step, e.value(CallEntry.FUNCTION)});
                case CALL_EXIT -> {
                    long[] call = calls.pop();
                    String name = tables.observed().get((int) call[1]).name().replaceAll(":.*", "");
                    add(lengths, name.replace('_', '-'), step - call[0]);
                }
                default -> {}
            }
            boolean[] now = {(flags & Eflags.IF) == 0, (flags & Eflags.TF) != 0, current != 0};
            boolean looked = e.kind() != EventKind.CALL_ENTRY && e.kind() != EventKind.CALL_EXIT;
            for (int i = 0; i < now.length && looked; i++) {
                if (now[i] && since[i] < 0) {
                    since[i] = step;
                } else if (!now[i] && since[i] >= 0) {
                    add(lengths, states[i], step - since[i]);
                    since[i] = -1;
                }
            }
        }
        return lengths;
    }

    private static void add(Map<String, List<Long>> lengths, String span, long length) {
        lengths.computeIfAbsent(span, s -> new ArrayList<>()).add(length);
    }

    /** Golden traces one after the other, each slowed down by a factor of its own. */
    private static List<Event> slowed(EventTextFile trace, int times) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Event> events = new ArrayList<>();
        long from = 0;
        long frames = 0;
        for (int i = 0; i < times; i++) {
            long factor = 1L + random.nextInt(90);
            for (Event e : trace.events()) {
                if (e.kind() == EventKind.HALT) {
                    continue;
                }
                Event moved = e.copy();
                moved.begin(e.kind(), from + e.step() * factor, e.cpu(), e.ip()).ordinal(events.size());
                if (e.kind() == EventKind.TRAP_ENTRY) {
                    moved.set(TrapEntry.FRAME, frames + e.value(TrapEntry.FRAME));
                } else if (e.kind() == EventKind.TRAP_EXIT) {
                    moved.set(TrapExit.FRAME, frames + e.value(TrapExit.FRAME));
                } else if (e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.FRAME) != 0) {
                    moved.set(EflagsWrite.FRAME, frames + e.value(EflagsWrite.FRAME));
                }
                events.add(moved);
            }
            from = events.get(events.size() - 1).step() + 1;
            frames += 1000;
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"t1", "t2", "t4", "t6"})
    void everySpanHasThePercentilesOfItsSortedList(String name) throws IOException {
        String resource = "/trapline/checks/golden." + name + ".events";
        EventTextFile trace;
        try (InputStream in = Objects.requireNonNull(LatenciesTest.class.getResourceAsStream(resource))) {
            trace = EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
        List<Event> events = slowed(trace, 300);
        LatencyTable table = measure(trace.tables(), events);
        Map<String, List<Long>> expected = spans(trace.tables(), events);
        assertThat(expected).containsKeys("trap-bp", "if-clear", "kprobe-handler", "pre-handler", "current-set");
        table.rows().forEach((key, measured) -> {
            boolean life = key.span().startsWith("hit") || key.span().equals("step");
            if (!life && measured.histogram().getTotalCount() > 0) {
                long[] sorted = Objects.requireNonNull(expected.get(key.span()), key.span()).stream()
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray();
                assertThat(measured.histogram().getTotalCount()).as(key.span()).isEqualTo(sorted.length);
                for (Percentile percentile : Percentile.ALL) {
                    long thousandths = Math.round(percentile.percent() * 1000);
                    int rank = (int) Math.max(1, (thousandths * sorted.length + 99_999) / 100_000);
                    assertThat(percentile.in(measured.histogram()))
                            .as("%s of %s, seed %s", percentile.name(), key.span(), SEED)
                            .isEqualTo(sorted[rank - 1]);
                }
            }
        });
    }

    /** A plain hit: from its #BP to the IRET of its #DB, and the step from the IRET of the #BP to the #DB. */
    @Test
    void hitsAndStepsHaveThePercentilesOfTheirSortedLists() throws IOException {
        EventTextFile trace;
        try (InputStream in =
                Objects.requireNonNull(LatenciesTest.class.getResourceAsStream("/trapline/checks/golden.t1.events"))) {
            trace = EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "golden.t1");
        }
        List<Event> events = slowed(trace, 500);
        List<Long> hits = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        long hit = -1;
        long left = -1;
        for (Event e : events) {
            if (e.kind() == EventKind.TRAP_ENTRY && e.value(TrapEntry.VECTOR) == TrapVector.BP) {
                hit = e.step();
                left = -1;
            } else if (e.kind() == EventKind.TRAP_ENTRY) {
                steps.add(e.step() - left);
            } else if (e.kind() == EventKind.TRAP_EXIT && left < 0) {
                left = e.step();
            } else if (e.kind() == EventKind.TRAP_EXIT) {
                hits.add(e.step() - hit);
            }
        }
        LatencyTable table = measure(trace.tables(), events);
        for (String span : List.of("hit", "hit-stepped", "step")) {
            long[] sorted = (span.equals("step") ? steps : hits)
                    .stream().mapToLong(Long::longValue).sorted().toArray();
            Histogram histogram = row(table, span).histogram();
            assertThat(histogram.getTotalCount()).as(span).isEqualTo(sorted.length);
            for (int p = 1; p <= 100; p++) {
                int rank = Math.max(1, (p * sorted.length + 99) / 100);
                assertThat(histogram.getValueAtPercentile(p))
                        .as("p%s of %s, seed %s", p, span, SEED)
                        .isEqualTo(sorted[rank - 1]);
            }
        }
    }

    @Test
    void cpusOfASourceThatSwitchesNoneRunAtOnce() {
        EventTextFile file = EventTextFile.parse("""
                @cpus 2
                @without switch
                    100  0   1000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                    150  1   1000 trap    #BP ip+1 cs=8 fl=202 sp=9ff0 n=2
                    700  1   1020 iret    ip=1000 cs=8 fl=202 sp=9ff0 n=2
                    900  0   1020 iret    ip=1000 cs=8 fl=202 sp=8ff0 n=1
                """, "concurrent");
        Histogram histogram =
                row(measure(file.tables(), file.events()), "trap-bp").histogram();
        assertThat(histogram.getMinValue()).isEqualTo(550);
        assertThat(histogram.getMaxValue()).isEqualTo(800);
    }

    @Test
    void aClockNobodyKnowsIsAUnitOfItsOwn() {
        assertThat(Unit.of("retired instructions")).isSameAs(Unit.INSTRUCTIONS);
        assertThat(Unit.of("ns")).isSameAs(Unit.NANOSECONDS);
        assertThat(Unit.of("TSC ticks").name()).isEqualTo("TSC ticks");
    }

    @Test
    void spansWithoutAnEndAreCounted() {
        LatencyTable table = measure("""
                      1  0   1000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                      5  0   1010 trap    NMI cs=8 fl=2 sp=8fd0 n=2
                     12  0   1020 iret    ip=1000 cs=8 fl=202 sp=8ff0 n=1
                     20  0   1000 trap    #PF cs=8 fl=202 sp=8ff0 n=3
                """);
        assertThat(row(table, "trap-bp").histogram().getMaxValue()).isEqualTo(11);
        assertThat(row(table, "trap-nmi").interrupted()).isEqualTo(1);
        assertThat(row(table, "trap-pf").unfinished()).isEqualTo(1);
    }

    @Test
    void lostEventsInterruptWhatIsOpen() {
        LatencyTable table = measure("""
                      1  0   1000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                      2  0      0 lost    10 until 9 "gap"
                     12  0   1020 iret    ip=1000 cs=8 fl=202 sp=8ff0 n=1
                """);
        assertThat(row(table, "trap-bp").interrupted()).isEqualTo(1);
        assertThat(row(table, "trap-bp").histogram().getTotalCount()).isZero();
    }

    @Test
    void timeWithAFlagIsMeasuredInTheCpusOwnInstructions() {
        LatencyTable table = measure("""
                @cpus 2
                      1  0   1000 eflags  2>202 sti_cli
                     10  0   1004 eflags  202>2 sti_cli
                     12  0   1004 switch  cpu1 quantum
                     52  1   1004 switch  cpu0 quantum
                     60  0   1008 eflags  2>202 sti_cli
                """);
        assertThat(row(table, "if-clear").histogram().getMaxValue()).isEqualTo(10);
    }

    @Test
    void usersDeclareSpans() {
        UserSpan span = UserSpan.parse("""
                spans:
                  - name: lookup
                    from: {kind: call_entry, function: get_kprobe}
                    to: {kind: call_exit, function: get_kprobe, result: p1}
                """).get(0);
        LatencyTable table = measure("""
                @observe function 100300/0 get_kprobe
                @observe function 100400/0 other
                @observe probe 30000/40 p1
                      1  0 100300 call    get_kprobe(1,0,0) ret=100214
                      3  0 100304 call    other(1,0,0) ret=100214
                      4  0 100304 ret     other =30000
                      8  0 100310 ret     get_kprobe =30000
                     11  0 100300 call    get_kprobe(1,0,0) ret=100214
                     12  0 100300 call    get_kprobe(1,0,0) ret=100214
                """, span);
        Measured lookup = row(table, "lookup");
        assertThat(lookup.histogram().getTotalCount()).isEqualTo(1);
        assertThat(lookup.histogram().getMaxValue()).isEqualTo(7);
        assertThat(lookup.interrupted()).isEqualTo(1);
        assertThat(lookup.unfinished()).isEqualTo(1);
    }

    @Test
    void wrongSpansAreSaidInALine() {
        assertThatThrownBy(
                        () -> UserSpan.parse("spans: [{name: a, from: {kind: trap_entry, no: 1}, to: {kind: mark}}]"))
                .hasMessageStartingWith("a: from: 'no' is no field of trap_entry");
        assertThatThrownBy(() -> UserSpan.parse("spans: [{name: a, from: {kind: none}}]"))
                .hasMessage("a: from: 'none' is no kind of event");
        assertThatThrownBy(() -> UserSpan.parse("spans: [")).hasMessageStartingWith("line 1: ");
        assertThatThrownBy(() -> UserSpan.parse("[]")).hasMessage("there is no list 'spans'");
    }

    @Test
    void filesAreReadBackWithEqualCounts() throws IOException {
        List<Event> events = new ArrayList<>();
        traps(events);
        LatencyTable table = measure(EventTextTables.EMPTY, events);
        LatencyFiles.hlog(directory, table);
        LatencyFiles.hgrm(directory, table);
        LatencyFiles.csv(directory, table);
        Map<String, Histogram> read = new HashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(new File(directory.toFile(), "latency.hlog"))) {
            for (EncodableHistogram next; (next = reader.nextIntervalHistogram()) != null; ) {
                read.put(String.valueOf(next.getTag()), (Histogram) next);
            }
        }
        // What is asked for no tag reads the first row.
        SpanKey first = table.rows().keySet().iterator().next();
        assertThat(read.remove("null")).isEqualTo(read.get(first.name()));
        List<String> csv = Files.readAllLines(directory.resolve("latency.csv"));
        assertThat(csv).hasSize(table.rows().size() + 1);
        assertThat(read).hasSameSizeAs(table.rows().keySet());
        for (Map.Entry<SpanKey, Measured> row : table.rows().entrySet()) {
            Histogram histogram = row.getValue().histogram();
            assertThat(read.get(row.getKey().name())).isEqualTo(histogram);
            assertThat(Files.readString(directory.resolve(row.getKey().name() + ".hgrm")))
                    .containsPattern("Total count +=\\s+" + histogram.getTotalCount());
        }
    }

    @Test
    void boundsAreRelativeOrInInstructions() {
        assertThat(Threshold.parse("hit.p99 > +5%").exceeded(100, 105)).isFalse();
        assertThat(Threshold.parse("hit.p99 > +5%").exceeded(100, 106)).isTrue();
        assertThat(Threshold.parse("hit.max > 3").exceeded(10, 14)).isTrue();
        assertThat(Threshold.parse("hit.max > 3").exceeded(10, 13)).isFalse();
        assertThatThrownBy(() -> Threshold.parse("hit > 3")).hasMessageContaining("hit.p99 > +5%");
        assertThatThrownBy(() -> Threshold.parse("hit.p1000 > 3")).hasMessageContaining("no percentile");
    }
}
