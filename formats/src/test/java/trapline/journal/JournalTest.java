package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.block.BlockInfo;
import trapline.block.JournalException;
import trapline.block.JournalFooter;
import trapline.codec.Prediction;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

final class JournalTest {

    @TempDir
    private Path directory;

    private JournalFooter write(Path path, List<Event> events, int cpus) throws IOException {
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(cpus), JournalOptions.DEFAULT)) {
            events.forEach(writer::accept);
            return writer.finish();
        }
    }

    private static List<Event> readAll(Path path) throws IOException {
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(event -> read.add(event.copy()));
        }
        return read;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsWrittenIsRead(long seed) throws IOException {
        int cpus = (int) seed;
        isReadAsWritten(Streams.random(seed, 200_000, cpus), cpus, "random, seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatComesAgainIsRead(long seed) throws IOException {
        int cpus = (int) seed;
        isReadAsWritten(Streams.loop(seed, 400_000, cpus), cpus, "loop, seed " + seed);
    }

    private void isReadAsWritten(List<Event> events, int cpus, String stream) throws IOException {
        Path path = directory.resolve("a.journal");
        JournalFooter footer = write(path, events, cpus);
        assertThat(footer.events()).isEqualTo(events.size());
        List<Event> read = readAll(path);
        assertThat(read).hasSameSizeAs(events);
        for (int i = 0; i < events.size(); i++) {
            assertThat(read.get(i).sameAs(events.get(i)))
                    .as("%s, event %d: %s, read %s", stream, i, events.get(i), read.get(i))
                    .isTrue();
            assertThat(read.get(i).ordinal()).isEqualTo(i);
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.closed()).isTrue();
            assertThat(journal.damage()).isEmpty();
            assertThat(journal.verify()).isEmpty();
            assertThat(journal.header()).isEqualTo(Streams.header(cpus));
            assertThat(journal.footer()).contains(footer);
            assertThat(journal.blocks()).hasSizeGreaterThan(2);
        }
    }

    /** The events that a reader without arithmetic gets are those that the others get, to the last bit. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void arithmeticIsPassedOver(long seed) throws IOException {
        int cpus = (int) seed;
        List<Event> events = Streams.loop(seed, 150_000, cpus);
        Path path = directory.resolve("a.journal");
        write(path, events, cpus);
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(new StreamConsumer() {
                @Override
                public boolean wantsArithmetic() {
                    return false;
                }

                @Override
                public void accept(Event event) {
                    read.add(event.copy());
                }
            });
        }
        int next = 0;
        for (Event event : events) {
            boolean isRead = next < read.size() && read.get(next).ordinal() == event.ordinal();
            if (isRead) {
                assertThat(read.get(next++).sameAs(event))
                        .as("seed %d: %s", seed, event)
                        .isTrue();
            } else {
                assertThat(Prediction.isArithmetic(event))
                        .as("seed %d: %s", seed, event)
                        .isTrue();
            }
        }
        assertThat(next).isEqualTo(read.size()).isBetween(events.size() / 10, events.size() / 2);
    }

    @Test
    void everyBlockCanBeReadAlone() throws IOException {
        List<Event> events = Streams.random(7, 200_000, 2);
        Path path = directory.resolve("a.journal");
        write(path, events, 2);
        try (Journal journal = Journal.open(path)) {
            for (int i = journal.blocks().size() - 1; i >= 0; i--) {
                BlockInfo info = journal.blocks().get(i);
                List<Event> read = new ArrayList<>();
                journal.read(i, i + 1, event -> read.add(event.copy()));
                assertThat(read).hasSize(info.events());
                assertThat(read.get(0).sameAs(events.get((int) info.firstOrdinal())))
                        .isTrue();
                assertThat(journal.startState(i).step()).isEqualTo(info.firstStep());
            }
        }
    }

    @Test
    void theShortWayOfFlagsIsTheSameStream() throws IOException {
        List<Event> events = Streams.random(9, 100_000, 1);
        JournalFooter expected = write(directory.resolve("a.journal"), events, 1);
        JournalFooter actual;
        try (JournalWriter writer =
                JournalWriter.create(directory.resolve("b.journal"), Streams.header(1), JournalOptions.DEFAULT)) {
            StreamState state = new StreamState(1, Streams.OBSERVED);
            for (Event event : events) {
                boolean plain = Prediction.isArithmetic(event)
                        && event.value(EflagsWrite.OLD) == (state.eflags(0) & 0xffffffffL)
                        && event.value(EflagsWrite.NEW) == (event.intValue(EflagsWrite.NEW) & 0xffffffffL);
                state.apply(event);
                if (plain) {
                    writer.flags(event.cpu(), event.step(), event.ip(), event.intValue(EflagsWrite.NEW));
                } else {
                    writer.accept(event);
                }
            }
            actual = writer.finish();
        }
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void sameEventsSameBytes() throws IOException {
        List<Event> events = Streams.random(5, 50_000, 1);
        write(directory.resolve("a.journal"), events, 1);
        write(directory.resolve("b.journal"), events, 1);
        try (Stream<Path> files = Files.list(directory.resolve("a.journal"))) {
            for (Path file : files.toList()) {
                Path other = directory.resolve("b.journal").resolve(file.getFileName());
                assertThat(Files.mismatch(file, other)).as(file.toString()).isEqualTo(-1);
            }
        }
    }

    @Test
    void emptyStreamIsClosedAndEmpty() throws IOException {
        JournalFooter footer = write(directory.resolve("a.journal"), List.of(), 1);
        assertThat(footer.events()).isZero();
        assertThat(readAll(directory.resolve("a.journal"))).isEmpty();
    }

    @Test
    void notFinishedIsNotClosed() throws IOException {
        Path path = directory.resolve("a.journal");
        List<Event> events = Streams.random(3, 100_000, 1);
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(1), JournalOptions.DEFAULT)) {
            events.forEach(writer::accept);
        }
        List<Event> read = readAll(path);
        Event last = read.get(read.size() - 1);
        assertThat(last.kind()).isEqualTo(EventKind.LOST);
        assertThat(last.value(Lost.COUNT)).isEqualTo(-1);
        assertThat(last.text()).isEqualTo("the journal is not closed");
        for (int i = 0; i < read.size() - 1; i++) {
            assertThat(read.get(i).sameAs(events.get(i))).isTrue();
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.closed()).isFalse();
            assertThat(journal.damage()).isEmpty();
        }
    }

    @Test
    void anExistingPlaceIsNotTouched() throws IOException {
        Path path = directory.resolve("a.journal");
        write(path, List.of(), 1);
        assertThatThrownBy(() -> write(path, List.of(), 1))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void whatIsNoJournalSaysSo() throws IOException {
        Path nothing = directory.resolve("nothing");
        assertThatThrownBy(() -> Journal.open(nothing)).hasMessage(nothing + ": no such journal");
        assertThat(nothing).doesNotExist();
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThatThrownBy(() -> Journal.open(empty)).hasMessage(empty + ": is not a journal (no .cq4 file in it)");
        Path zeros = Files.createDirectory(directory.resolve("zeros"));
        Files.write(zeros.resolve("19700101F.cq4"), new byte[8192]);
        assertThatThrownBy(() -> Journal.open(zeros)).hasMessageContaining("is not a journal, or its header is lost");
    }
}
