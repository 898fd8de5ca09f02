package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.BlockInfo;
import trapline.events.Event;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** What a consumer sees does not depend on the number of threads that decode. */
class BlocksAheadTest {

    private static final int EVENTS = 400_000;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void sameEventsForAnyNumberOfThreads() throws IOException {
        Path path = write();
        List<String> one = seen(path, 1);
        assertThat(one).hasSizeGreaterThan(EVENTS / 10).noneMatch(line -> line.contains("resume"));
        assertThat(seen(path, 2)).isEqualTo(one);
        assertThat(seen(path, 5)).isEqualTo(one);
    }

    @Test
    void sameGapsForAnyNumberOfThreads() throws IOException {
        Path path = write();
        Path file = path.resolve("19700101F.cq4");
        byte[] bytes = Files.readAllBytes(file);
        long middle;
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.blocks()).hasSizeGreaterThan(5);
            middle = journal.blocks().stream()
                    .mapToLong(BlockInfo::length)
                    .limit(3)
                    .sum();
        }
        bytes[(int) middle + 5000] ^= 0x20;
        Files.write(file, bytes);
        List<String> one = seen(path, 1);
        assertThat(one).anyMatch(line -> line.contains("lost")).anyMatch(line -> line.contains("resume"));
        assertThat(seen(path, 2)).isEqualTo(one);
        assertThat(seen(path, 5)).isEqualTo(one);
    }

    private Path write() throws IOException {
        Path path = directory.resolve("long.journal");
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(2), JournalOptions.DEFAULT)) {
            Streams.random(7, EVENTS, 2).forEach(writer::accept);
            writer.finish();
        }
        return path;
    }

    private static List<String> seen(Path path, int threads) throws IOException {
        List<String> seen = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(
                    new StreamConsumer() {
                        @Override
                        public boolean wantsArithmetic() {
                            return false;
                        }

                        @Override
                        public void resume(StreamState state) {
                            seen.add("resume at " + state.step());
                        }

                        @Override
                        public void accept(Event event) {
                            seen.add(event.ordinal() + " " + event);
                        }
                    },
                    threads);
        }
        return seen;
    }
}
