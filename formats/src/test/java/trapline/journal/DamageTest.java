package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalException;
import trapline.chronicle.ChronicleFiles;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;

/**
 * Damaged journals: whatever happens to the files, an event that is read is the one that was written, and every other is
 * covered by a {@code lost} event. {@code -Pdamage} runs many thousands of mutations; {@code -Dtrapline.damage.seed=}
 * takes the seed of a failure.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
final class DamageTest {

    private static final int MUTATIONS = Integer.getInteger("trapline.damage.mutations", 400);
    private static final long SEED = Long.getLong("trapline.damage.seed", 20080102);
    private static final int EVENTS = 6000;
    private static final int EVENTS_PER_BLOCK = 400;

    @TempDir
    private Path directory;

    /** One way of writing a journal, with what is in it. */
    private record Original(String name, List<Event> events, List<Path> files, List<byte[]> bytes, boolean closed) {}

    private Original write(String name, long seed, int cpus, JournalOptions options, boolean finish)
            throws IOException {
        List<Event> events = cpus == 1 ? Streams.loop(seed, EVENTS, cpus) : Streams.random(seed, EVENTS, cpus);
        Path path = directory.resolve(name);
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(name, cpus), options)) {
            Streams.writeInBlocks(writer, events, cpus, EVENTS_PER_BLOCK);
            if (finish) {
                writer.finish();
            }
        }
        List<Path> files = ChronicleFiles.dataFiles(path);
        List<byte[]> bytes = files.stream().map(DamageTest::bytes).toList();
        return new Original(name, events, files.stream().map(Path::getFileName).toList(), bytes, finish);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        List<Original> originals = List.of(
                write("one", 1, 1, JournalOptions.DEFAULT, true),
                write("two", 2, 2, JournalOptions.DEFAULT.withRollBytes(20_000), true),
                write("open", 3, 4, JournalOptions.DEFAULT, false));
        assertThat(originals.get(1).files).hasSizeGreaterThan(1);
        Map<Mutations, Integer> unreadable = new EnumMap<>(Mutations.class);
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            Original original = originals.get(random.nextInt(originals.size()));
            Original other = originals.get(random.nextInt(originals.size()));
            Mutations mutation = List.of(Mutations.values()).get(i % Mutations.values().length);
            String what = mutation + " with seed " + (SEED + i);
            if (!survives(damaged(original, other, mutation, random), originals, what)) {
                unreadable.merge(mutation, 1, Integer::sum);
            }
        }
        int total = unreadable.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(total)
                .as("journals of which nothing can be read: %s", unreadable)
                .isLessThan(MUTATIONS / 5);
    }

    private Path damaged(Original original, Original other, Mutations mutation, SplittableRandom random)
            throws IOException {
        Path path = directory.resolve("damaged.journal");
        Files.createDirectories(path);
        for (Path old : ChronicleFiles.dataFiles(path)) {
            Files.delete(old);
        }
        int hit = random.nextInt(original.files.size());
        for (int i = 0; i < original.files.size(); i++) {
            byte[] bytes = original.bytes.get(i).clone();
            if (i == hit) {
                byte[] foreign = Mutations.any(other.bytes, random);
                bytes = mutation.apply(bytes, foreign, random);
            }
            Files.write(path.resolve(original.files.get(i)), bytes);
        }
        return path;
    }

    private static boolean survives(Path path, List<Original> originals, String what) throws IOException {
        Effort effort = new Effort();
        boolean read = true;
        try (Journal journal = Journal.open(path)) {
            // Half of each of two journals is read as the one that more of it belongs to.
            String name = journal.header().name();
            Original original = originals.stream()
                    .filter(o -> o.name.equals(name))
                    .findAny()
                    .orElseThrow();
            Follow follow = new Follow(original.events, what);
            journal.read(follow::accept);
            follow.end(journal.closed());
            journal.verify();
        } catch (JournalException e) {
            read = false;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        effort.check(what);
        return read;
    }

    /** Follows a read and compares. */
    private static final class Follow {

        private final List<Event> events;
        private final String what;
        private long next;
        private long step;

        Follow(List<Event> events, String what) {
            this.events = events;
            this.what = what;
        }

        void accept(Event event) {
            assertThat(event.ordinal()).as(what).isEqualTo(next);
            assertThat(event.step()).as(what).isGreaterThanOrEqualTo(step);
            step = event.step();
            if (next < events.size() && event.sameAs(events.get((int) next))) {
                next++;
                return;
            }
            assertThat(event.kind()).as("%s: event %d: %s", what, next, event).isEqualTo(EventKind.LOST);
            next = event.value(Lost.COUNT) < 0 ? Long.MAX_VALUE : next + event.value(Lost.COUNT);
        }

        void end(boolean closed) {
            assertThat(next).as(what).isEqualTo(closed ? events.size() : Long.MAX_VALUE);
        }
    }
}
