package trapline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.monitor.MonitorCheck;
import trapline.commands.TraceJournals;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.TrapVector;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** Whoever takes passages as a whole says what one says who reads every event. */
class RepeatsTest {

    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final long SEED = Long.getLong("seed", 20_261_122);
    private static final int ROUNDS = 120;
    private static final int ROUNDS_PER_BLOCK = 6;

    /** One that is at its begin wherever nothing is open, and one that is only after every other #BP. */
    private static final List<MonitorCheck.Maker> MONITORS = List.of(
            MonitorCheck.parse(
                    "digraph state_automaton { \"__init_a\" -> \"a\"; a -> b [label = trap_bp]; b -> a [label = iret_bp]; }",
                    "traps.dot",
                    true),
            MonitorCheck.parse(
                    "digraph state_automaton { \"__init_a\" -> \"a\"; a -> b [label = trap_bp]; b -> a [label = trap_bp]; }",
                    "turns.dot",
                    false));

    private static final long QUIET = Eflags.FIXED | Eflags.IF;

    @TempDir
    Path directory;

    /** A stream and where it is stored, with what was counted. */
    private record Stored(List<Event> events, Path journal) {}

    private static List<EventTextFile> traces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            List<EventTextFile> traces = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".events")).sorted().toList()) {
                traces.add(EventTextFile.parse(Files.readString(file), file.toString()));
            }
            return traces;
        }
    }

    private Stored store(String name, EventTextTables tables, List<Event> events, int blockEvents) throws IOException {
        Path path = directory.resolve(name);
        try (JournalWriter writer =
                JournalWriter.create(path, TraceJournals.header(name, tables), JournalOptions.DEFAULT)) {
            TraceJournals.writeInBlocks(writer, tables, events, blockEvents);
            writer.finish();
        }
        return new Stored(events, path);
    }

    private static String say(Judges judges, CheckRun run, List<Event> events) throws IOException {
        Judges.Said said = judges.results(false, run, events);
        return said.results() + "\n" + said.latencies();
    }

    private static String plain(Judges judges, Journal journal, List<Event> events) throws IOException {
        CheckRun run = judges.get();
        journal.read(run);
        return say(judges, run, events);
    }

    private static String read(Judges judges, Journal journal, List<Event> events, int threads) throws IOException {
        return say(judges, SharedReplay.read(journal, threads, judges), events);
    }

    /** Reads a journal with passages and without; returns how many were taken as a whole, less than 0 if for nothing. */
    private static long compare(String what, EventTextTables tables, int monitors, Stored stored) throws IOException {
        Supplier<Judges> fresh = () -> new Judges(tables, List.of(), MONITORS.subList(0, monitors));
        try (Journal journal = Journal.open(stored.journal)) {
            String expected = plain(fresh.get(), journal, stored.events);
            assertThat(read(fresh.get(), journal, stored.events, 1)).as(what).isEqualTo(expected);
            assertThat(read(fresh.get(), journal, stored.events, 2))
                    .as(what + ", 2 threads")
                    .isEqualTo(expected);
            Judges judges = fresh.get();
            Repeats repeats = new Repeats(judges.get().replay(), judges);
            boolean holds = SharedReplay.alone(PartSource.of(journal), repeats);
            return holds ? repeats.taken() : -repeats.taken();
        }
    }

    private static List<Event> make(EventTextFile trace, List<EventTextFile> others, int oneOf, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        NoisyRounds rounds = new NoisyRounds(
                trace.tables(), random.split(), random.split(), random.nextBoolean(), random.nextInt(1000), 0);
        List<Event> body = NoisyRounds.body(trace.events());
        rounds.round(trace.events().subList(0, trace.events().size() - 1));
        for (int i = 0; i < ROUNDS; i++) {
            if (i > ROUNDS / 4 && random.nextInt(oneOf) == 0) {
                rounds.oddRound(
                        body,
                        NoisyRounds.body(
                                others.get(random.nextInt(others.size())).events()));
            } else {
                rounds.round(body);
            }
        }
        rounds.round(List.of(trace.events().get(trace.events().size() - 1)));
        return rounds.events();
    }

    private void compareAll(int oneOf, int takenMin, int inVainMin) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED + oneOf);
        List<EventTextFile> traces = traces();
        int taken = 0;
        int inVain = 0;
        for (int i = 0; i < traces.size(); i++) {
            EventTextFile trace = traces.get(i);
            List<EventTextFile> others = traces.stream()
                    .filter(other -> other.tables().cpus() == trace.tables().cpus()
                            && other.tables().observed().equals(trace.tables().observed()))
                    .toList();
            long seed = random.nextLong();
            List<Event> events = make(trace, others, oneOf, seed);
            int blockEvents = Math.max(20, events.size() / ROUNDS * ROUNDS_PER_BLOCK + random.nextInt(100));
            Stored stored = store("stream-" + i + ".journal", trace.tables(), events, blockEvents);
            long count = compare("trace " + i + ", seed " + seed, trace.tables(), i / 3 % 3, stored);
            taken += count > 0 ? 1 : 0;
            inVain += count < 0 ? 1 : 0;
        }
        assertThat(taken).isGreaterThanOrEqualTo(takenMin);
        assertThat(inVain).isGreaterThanOrEqualTo(inVainMin);
    }

    @Test
    void saysTheSameOfNoise() throws IOException {
        compareAll(Integer.MAX_VALUE, 18, 0);
    }

    @Test
    void saysTheSameWhereSomethingIsOddOnceInALongTime() throws IOException {
        compareAll(60, 4, 4);
    }

    @Test
    void saysTheSameWhereMuchIsOdd() throws IOException {
        compareAll(8, 0, 15);
    }

    private static EventTextFile trace(String name) throws IOException {
        Path file = TRACES.resolve(name + ".events");
        return EventTextFile.parse(Files.readString(file), name);
    }

    /** A few comings of a passage in which the CPU goes back with other flags than it came with. */
    @Test
    void seesFlagsThatAreNotAsBefore() throws IOException {
        EventTextFile trace = trace("VANISHED-UNTOUCHED.pass");
        SplittableRandom random = new SplittableRandom(SEED);
        NoisyRounds rounds = new NoisyRounds(trace.tables(), random.split(), random.split(), false, 0, 0);
        rounds.round(trace.events().subList(0, trace.events().size() - 1));
        List<Event> body = new ArrayList<>();
        hit(body, 0, 0x104040, 0x104041); // that is somebody else's
        body.forEach(event -> event.again(100, 0, event.ip(), 0));
        body.removeIf(event -> event.kind() == EventKind.EFLAGS_WRITE && event.value(EflagsWrite.NEW) == QUIET);
        body.addAll(NoisyRounds.body(trace.events()));
        for (int i = 0; i < ROUNDS; i++) {
            rounds.noisyIret(i > ROUNDS / 2 && i < ROUNDS / 2 + 4);
            rounds.round(body);
        }
        rounds.round(List.of(trace.events().get(trace.events().size() - 1)));
        compare("flags", trace.tables(), 0, store("flags.journal", trace.tables(), rounds.events(), 1 << 16));
    }

    /** An int3, taken and left without a handler; IRET writes EFLAGS back. */
    private static void hit(List<Event> to, long step, long address, long ip) {
        long frame =
                1 + to.stream().filter(e -> e.kind() == EventKind.TRAP_ENTRY).count();
        Event entry = new Event().begin(EventKind.TRAP_ENTRY, step, 0, address).setAll(new long[EventKind.FIELDS_MAX]);
        entry.set(TrapEntry.VECTOR, TrapVector.BP).set(TrapEntry.CS, 8).set(TrapEntry.IP, address + 1);
        to.add(entry.set(TrapEntry.EFLAGS, QUIET).set(TrapEntry.FRAME, frame).ordinal(to.size()));
        to.add(flags(step, Eflags.FIXED, QUIET, Eflags.FIXED, FlagCause.GATE).ordinal(to.size()));
        to.add(flags(step, Eflags.FIXED, Eflags.FIXED, QUIET, FlagCause.IRET).ordinal(to.size()));
        Event exit = new Event().begin(EventKind.TRAP_EXIT, step, 0, 0x100510).setAll(new long[EventKind.FIELDS_MAX]);
        exit.set(TrapExit.IP, ip)
                .set(TrapExit.CS, 8)
                .set(TrapExit.EFLAGS, QUIET)
                .set(TrapExit.FRAME, frame);
        to.add(exit.ordinal(to.size()));
    }

    private static Event flags(long step, long eip, long old, long now, FlagCause cause) {
        return new Event()
                .begin(EventKind.EFLAGS_WRITE, step, 0, eip)
                .setAll(new long[EventKind.FIELDS_MAX])
                .set(EflagsWrite.OLD, old)
                .set(EflagsWrite.NEW, now)
                .set(EflagsWrite.CAUSE, cause.code());
    }

    /** A passage ends with the first of the hits that go back to the same int3; the other ones follow it. */
    @Test
    void countsHitsWithoutProgressFromTheLastPassageOn() throws IOException {
        EventTextFile trace = trace("INT3-PROGRESS.fail");
        for (int more = 5; more < 9; more++) {
            List<Event> events = new ArrayList<>();
            events.add(
                    flags(0, 0x100000, Eflags.FIXED, QUIET, FlagCause.STI_CLI).ordinal(0));
            long step = 10;
            for (int i = 0; i < ROUNDS; i++, step += 20) {
                hit(events, step, 0x104040, 0x104041);
                hit(events, step + 5, 0x104010, 0x104010);
                for (int k = 1; i == ROUNDS / 2 && k <= more; k++) {
                    hit(events, step + 5 + k, 0x104010, 0x104010);
                }
            }
            compare(more + " more", trace.tables(), 0, store(more + ".journal", trace.tables(), events, 1 << 16));
        }
    }

    private static String verdicts(EventTextTables tables, List<Event> events) throws IOException {
        Judges judges = new Judges(tables, List.of(), List.of());
        CheckRun run = judges.get();
        events.forEach(run::accept);
        Judges.Said said = judges.results(false, run, events);
        return said.results().stream()
                        .filter(result -> run.checks().stream()
                                .allMatch(check ->
                                        !check.info().id().equals(result.info().id())
                                                || ((Repeatable) check).ignoresNoise()))
                        .map(RepeatsTest::verdict)
                        .collect(Collectors.joining("\n", "", "\n"))
                + said.latencies();
    }

    private static String verdict(CheckResult result) {
        return result.info().id() + " " + result.verdict() + " " + result.exercised() + " " + result.findingsCount();
    }

    @Test
    void noiseIsNoise() throws IOException {
        for (EventTextFile trace : traces()) {
            String expected = "";
            for (int way = 0; way < 4; way++) {
                SplittableRandom random = new SplittableRandom(SEED + way);
                NoisyRounds rounds = new NoisyRounds(
                        trace.tables(), random.split(), random.split(), false, way * 12_345L, way * 77L);
                for (int i = 0; i < 3; i++) {
                    rounds.round(trace.events());
                }
                String said = verdicts(trace.tables(), rounds.events());
                expected = way == 0 ? said : expected;
                assertThat(said).as("seed %d, way %d", SEED, way).isEqualTo(expected);
            }
        }
    }
}
