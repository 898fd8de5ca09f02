package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;

/**
 * A recorder that is killed loses the open block and nothing else: what is on disk is a prefix of the uninterrupted run
 * in whole blocks, and can be read at once. {@code -Pdamage} kills 500 times.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
final class KillTest {

    private static final int MOMENTS = Integer.getInteger("trapline.kill.moments", 10);
    private static final long SEED = Long.getLong("trapline.kill.seed", 5);
    private static final long ROLL_BYTES = 300_000;
    private static final long OPEN_MILLIS_MAX = 5000;

    @TempDir
    private Path directory;

    @Test
    void whatWasCommittedIsThere() throws IOException, InterruptedException {
        List<Event> events = Streams.random(KilledWriter.SEED, KilledWriter.EVENTS, 2);
        long micros = uninterrupted();
        SplittableRandom random = new SplittableRandom(SEED);
        int blocks = 0;
        int finished = 0;
        for (int i = 0; i < MOMENTS + finished; i++) {
            assertThat(finished).as("seed %d: kills that came too late", SEED).isLessThan(100 + MOMENTS);
            Path path = directory.resolve("killed.journal");
            long afterMicros = random.nextLong(micros + 1);
            Process process = start(path);
            awaitBegun(process);
            TimeUnit.MICROSECONDS.sleep(afterMicros);
            process.destroyForcibly().waitFor();
            String what = "seed " + SEED + ", kill " + i + " after " + afterMicros + " us";
            long start = System.nanoTime();
            try (Journal journal = Journal.open(path)) {
                blocks += check(journal, events, what);
                if (journal.closed()) {
                    // Too late: this one does not count, and a run does not last longer than that.
                    finished++;
                    micros = afterMicros;
                }
            }
            assertThat((System.nanoTime() - start) / 1_000_000).as(what).isLessThan(OPEN_MILLIS_MAX);
            delete(path);
        }
        System.getLogger("trapline.test")
                .log(
                        System.Logger.Level.INFO,
                        "{0} kills, besides {1} that came too late; {2} committed blocks read back",
                        MOMENTS,
                        finished,
                        blocks);
    }

    private long uninterrupted() throws IOException, InterruptedException {
        Process process = start(directory.resolve("whole.journal"));
        awaitBegun(process);
        long start = System.nanoTime();
        assertThat(process.waitFor()).isZero();
        return (System.nanoTime() - start) / 1000;
    }

    private static int check(Journal journal, List<Event> events, String what) throws IOException {
        assertThat(journal.damage()).as(what).isEmpty();
        assertThat(journal.verify()).as(what).isEmpty(); // the chain of digests included: a prefix of the run's
        List<Event> read = new ArrayList<>();
        journal.read(event -> read.add(event.copy()));
        long whole = journal.events();
        if (!journal.closed()) {
            Event last = read.remove(read.size() - 1);
            assertThat(last.kind()).as(what).isEqualTo(EventKind.LOST);
            assertThat(last.value(Lost.COUNT)).as(what).isEqualTo(-1);
        }
        assertThat((long) read.size()).as(what).isEqualTo(whole);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).sameAs(events.get(i))).as(what).isTrue();
        }
        return journal.blocks().size();
    }

    private static Process start(Path path) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                path.toString(),
                Long.toString(ROLL_BYTES)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitBegun(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo("begun");
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
