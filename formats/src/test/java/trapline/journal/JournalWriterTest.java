package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.BlockLayout;
import trapline.block.JournalFooter;
import trapline.block.StorageException;
import trapline.chronicle.ChronicleFiles;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

final class JournalWriterTest {

    @TempDir
    private Path directory;

    private static List<Event> readAll(Path path) throws IOException {
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(event -> read.add(event.copy()));
            assertThat(journal.damage()).isEmpty();
        }
        return read;
    }

    private JournalFooter write(Path path, List<Event> events, JournalOptions options) throws IOException {
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(1), options)) {
            Streams.writeInBlocks(writer, events, 1, 500);
            return writer.finish();
        }
    }

    @Test
    void filesRollBySizeAndTheStreamStaysTheSame() throws IOException {
        List<Event> events = Streams.random(1, 20_000, 1);
        JournalFooter one = write(directory.resolve("one"), events, JournalOptions.DEFAULT);
        JournalFooter many = write(directory.resolve("many"), events, JournalOptions.DEFAULT.withRollBytes(20_000));
        assertThat(many).isEqualTo(one);
        List<Path> files = ChronicleFiles.dataFiles(directory.resolve("many"));
        assertThat(files).hasSizeBetween(5, 20);
        for (Path file : files) {
            assertThat(Files.size(file)).as(file.toString()).isLessThan(1 << 20);
        }
        assertThat(readAll(directory.resolve("many"))).hasSameSizeAs(events);
        Files.delete(files.get(0));
        try (Journal journal = Journal.open(directory.resolve("many"))) {
            assertThat(journal.header().cpus()).isEqualTo(1);
        }
    }

    @Test
    void aRingKeepsTheLastEvents() throws IOException {
        List<Event> events = Streams.random(2, 40_000, 1);
        Path path = directory.resolve("ring");
        write(path, events, JournalOptions.DEFAULT.withKeepLast(8_000));
        List<Event> read = new ArrayList<>();
        List<Long> resumedAt = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.keepLast()).isEqualTo(8_000);
            assertThat(journal.damage()).isEmpty();
            journal.read(new StreamConsumer() {
                @Override
                public void accept(Event event) {
                    read.add(event.copy());
                }

                @Override
                public void resume(StreamState state) {
                    resumedAt.add(state.step());
                }
            });
        }
        Event lost = read.get(0);
        assertThat(lost.kind()).isEqualTo(EventKind.LOST);
        assertThat(lost.text()).isEqualTo("the ring has dropped its oldest blocks");
        assertThat(lost.value(Lost.COUNT) + read.size() - 1).isEqualTo(events.size());
        assertThat(read.size() - 1).isBetween(8_000, 8_000 + 2 * 2_000 + 1_000);
        assertThat(resumedAt).containsExactly(lost.value(Lost.UNTIL));
        Event last = read.get(read.size() - 1);
        assertThat(last.sameAs(events.get(events.size() - 1))).isTrue();
        assertThat(ChronicleFiles.dataFiles(path)).hasSizeLessThan(7);
    }

    @Test
    void aSizeLimitEndsTheRecordingAndKeepsWhatIsThere() throws IOException {
        List<Event> events = Streams.random(3, 40_000, 1);
        Path path = directory.resolve("limited");
        assertThatThrownBy(() -> write(path, events, JournalOptions.DEFAULT.withBytesMax(100_000)))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(UncheckedIOException.class),
                        e -> assertThat(e).isInstanceOf(StorageException.class))
                .hasMessageContaining("size limit of 100000 bytes");
        List<Event> read = readAll(path);
        assertThat(read.size()).isBetween(1_000, 40_000);
        for (int i = 0; i < read.size() - 1; i++) {
            assertThat(read.get(i).sameAs(events.get(i))).isTrue();
        }
    }

    @Test
    void aReaderFollowsTheWriter() throws IOException {
        List<Event> events = Streams.random(4, 20_000, 1);
        Path path = directory.resolve("growing");
        try (JournalWriter writer = JournalWriter.create(
                path, Streams.header(1), JournalOptions.DEFAULT.withSync(true).withRollBytes(30_000))) {
            try (Journal journal = Journal.open(path)) {
                assertThat(journal.refresh()).isFalse();
                int seen = 0;
                StreamState state = new StreamState(1, Streams.OBSERVED);
                for (Event event : events) {
                    if (event.ordinal() % 1000 == 999) {
                        writer.resume(state);
                        assertThat(journal.refresh()).isTrue();
                        assertThat(journal.blocks()).hasSize(++seen);
                        assertThat(journal.events()).isEqualTo(writer.events());
                    }
                    writer.accept(event);
                    state.apply(event);
                }
                writer.finish();
                assertThat(journal.refresh()).isTrue();
                assertThat(journal.closed()).isTrue();
                assertThat(journal.damage()).isEmpty();
                assertThat(journal.events()).isEqualTo(events.size());
            }
        }
    }

    /** The flags of a loop: what a recording mostly is. */
    @Test
    void nothingIsMadeAboveTheJournal() {
        Path path = directory.resolve("none").resolve("journal");
        assertThatThrownBy(() -> JournalWriter.create(path, Streams.header(1), JournalOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith(path + ": cannot be created");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nothingIsAllocatedForAnEvent() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Event event = Streams.random(5, 1, 1).get(0);
        try (JournalWriter writer =
                JournalWriter.create(directory.resolve("a"), Streams.header(1), JournalOptions.DEFAULT)) {
            loop(writer, event, 1_000_000); // until all buffers have their size
            long blocks = writer.events() / BlockLayout.EVENTS_MAX;
            long before = threads.getThreadAllocatedBytes(thread);
            loop(writer, event, 3_000_000);
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            blocks = writer.events() / BlockLayout.EVENTS_MAX - blocks;
            // What a block costs once: its start state, its texts, its place in the queue of the other thread.
            assertThat(allocated / blocks).as("%d blocks", blocks).isLessThan(BlockLayout.EVENTS_MAX / 10);
            writer.finish();
        }
    }

    private static void loop(JournalWriter writer, Event event, int events) {
        for (int i = 0; i < events; i++) {
            long step = event.step() + 1;
            writer.flags(0, step, 0x100000 + i % 7, (i & 1) != 0 ? 0x246 : 0x287);
            event.begin(EventKind.MARK, step, 0, 0x2000).text("a note");
            if (i % 10 == 0) {
                writer.accept(event);
            }
        }
    }
}
