package trapline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.Check;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.checks.kprobes.Naive;
import trapline.checks.monitor.MonitorCheck;
import trapline.commands.TraceJournals;
import trapline.events.Event;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/**
 * Verdict, count and findings of every check do not depend on the way in which a journal is read: event by event, in parts
 * on two threads, or with recurring passages taken as one. Each check by itself, all of them together, the user's
 * monitors, and a check that says nothing about how it may be taken; over every trace and over every trace in a loop.
 */
class EveryCheckTest {

    private static final Path TRACES = Path.of("src/test/resources/trapline/checks");
    private static final Path MONITORS = Path.of("../samples/monitors");
    private static final long SEED = Long.getLong("seed", 20_261_127);
    private static final int ROUNDS = 60;
    private static final int ROUNDS_PER_BLOCK = 4;
    private static final int HITS_MAX = ROUNDS * 3 / 4;

    @TempDir
    Path directory;

    /** A way to read, and what was taken as a whole by it. */
    private record Way(List<CheckResult> results, long taken) {}

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<Check> monitors() throws IOException {
        List<Check> monitors = new ArrayList<>();
        for (Path file : files(MONITORS, ".dot")) {
            String text = Files.readString(file);
            for (boolean global : new boolean[] {false, true}) {
                monitors.add(MonitorCheck.parse(text, file.toString(), global).make());
            }
        }
        return monitors;
    }

    private static List<Check> everything() {
        try {
            List<Check> all = monitors();
            all.addAll(Checks.all());
            return all;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Check> withNaive() {
        List<Check> all = everything();
        all.add(0, new Naive(HITS_MAX));
        return all;
    }

    private static List<Check> one(String id) {
        return everything().stream().filter(c -> c.info().id().equals(id)).toList();
    }

    private Path store(String name, EventTextTables tables, List<Event> events, int blockEvents) throws IOException {
        Path path = directory.resolve(name + ".journal");
        try (JournalWriter writer =
                JournalWriter.create(path, TraceJournals.header(name, tables), JournalOptions.DEFAULT)) {
            TraceJournals.writeInBlocks(writer, tables, events, blockEvents);
            writer.finish();
        }
        return path;
    }

    private static List<Event> looped(EventTextFile trace, SplittableRandom random) {
        NoisyRounds rounds =
                new NoisyRounds(trace.tables(), random.split(), random.split(), random.nextBoolean(), 0, 0);
        List<Event> all = trace.events();
        rounds.round(all.subList(0, all.size() - 1));
        for (int i = 0; i < ROUNDS; i++) {
            rounds.round(NoisyRounds.body(all));
        }
        rounds.round(all.subList(all.size() - 1, all.size()));
        return rounds.events();
    }

    private static Way compare(String what, Journal journal, Supplier<List<Check>> checks) throws IOException {
        Supplier<CheckRun> crews = () -> new CheckRun(journal.header().textTables(), checks.get());
        CheckRun plain = crews.get();
        journal.read(plain);
        List<CheckResult> expected = plain.results(true, journal::read);
        for (int threads = 1; threads <= 2; threads++) {
            assertThat(SharedReplay.read(journal, threads, crews).results(true, journal::read))
                    .as("%s, %d threads", what, threads)
                    .hasToString(expected.toString());
        }
        Repeats repeats = new Repeats(crews.get().replay(), crews);
        boolean holds = SharedReplay.alone(PartSource.of(journal), repeats);
        return new Way(expected, holds ? repeats.taken() : 0);
    }

    @Test
    void saysTheSameHoweverAJournalIsRead() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        int taken = 0;
        int takenByOne = 0;
        int naiveFails = 0;
        for (Path file : files(TRACES, ".events")) {
            String name = String.valueOf(file.getFileName());
            EventTextFile trace = EventTextFile.parse(Files.readString(file), name);
            List<Event> looped = looped(trace, random);
            Path once = store(name + "-once", trace.tables(), trace.events(), 20);
            Path again = store(name, trace.tables(), looped, Math.max(20, looped.size() / ROUNDS * ROUNDS_PER_BLOCK));
            String what = name + ", seed " + SEED;
            try (Journal journal = Journal.open(once)) {
                compare(what, journal, EveryCheckTest::withNaive);
                compare(what, journal, EveryCheckTest::everything);
            }
            try (Journal journal = Journal.open(again)) {
                taken += compare(what, journal, EveryCheckTest::everything).taken() > 0 ? 1 : 0;
                String id = name.substring(0, name.indexOf('.'));
                takenByOne += compare(what, journal, () -> one(id)).taken() > 0 ? 1 : 0;
                compare(what, journal, EveryCheckTest::withNaive);
                naiveFails += naive(what, journal);
            }
        }
        assertThat(taken).isGreaterThan(10);
        assertThat(takenByOne).isGreaterThan(30);
        assertThat(naiveFails).isGreaterThan(60);
    }

    /** One that counts in a field counts all; returns 1 if it fails, as it must if there are more hits than it allows. */
    private static int naive(String what, Journal journal) throws IOException {
        Way way = compare(what, journal, () -> List.of(new Naive(HITS_MAX)));
        CheckResult result = way.results().get(0);
        assertThat(result.verdict() == Verdict.FAIL).as(what).isEqualTo(result.exercised() > HITS_MAX);
        return result.verdict() == Verdict.FAIL ? 1 : 0;
    }
}
