package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.chronicle.ChronicleFiles;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** A cursor goes where a reading goes, and knows the state that a reading has there. */
class JournalCursorTest {

    private static final int EVENTS = 3000;
    private static final int CPUS = 2;

    @TempDir
    Path directory;

    private Path journal(boolean damaged) throws IOException {
        Path path = directory.resolve("j.journal");
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(CPUS), JournalOptions.DEFAULT)) {
            Streams.writeInBlocks(writer, Streams.random(7, EVENTS, CPUS), CPUS, 400);
            writer.finish();
        }
        if (damaged) {
            Path file = ChronicleFiles.dataFiles(path).get(0);
            byte[] bytes = Files.readAllBytes(file);
            int[] block = Mutations.blocks(bytes).get(3);
            bytes[(block[0] + block[1]) / 2] ^= 0x55;
            Files.write(file, bytes);
        }
        return path;
    }

    /** What a reading from the start sees, and the state before each event. */
    private static final class Read implements StreamConsumer {
        private final List<Event> events = new ArrayList<>();
        private final List<String> before = new ArrayList<>();
        private StreamState state = new StreamState(CPUS, Streams.OBSERVED);

        @Override
        public boolean wantsArithmetic() {
            return true;
        }

        @Override
        public void resume(StreamState told) {
            state = told.copy();
        }

        @Override
        public void accept(Event event) {
            events.add(event.copy());
            before.add(numbers(state));
            if (event.kind() != EventKind.LOST) {
                state.apply(event);
            }
        }
    }

    /** Streams have lost events of their own, too. */
    private static boolean isGap(Event event) {
        return event.kind() == EventKind.LOST && event.text().startsWith("checksum of block");
    }

    private static String numbers(StreamState state) {
        StringJoiner numbers = new StringJoiner(" ");
        state.save(number -> numbers.add(Long.toString(number)));
        return numbers.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesForwardsAndBackwardsWhereAReadingGoes(boolean damaged) throws IOException {
        try (Journal journal = Journal.open(journal(damaged))) {
            Read read = new Read();
            journal.read(read);
            assertThat(read.events.stream().anyMatch(JournalCursorTest::isGap)).isEqualTo(damaged);
            JournalCursor cursor = journal.cursor();
            int at = 0;
            while (cursor.next()) {
                assertThat(cursor.event().sameAs(read.events.get(at++))).isTrue();
            }
            assertThat(at).isEqualTo(read.events.size());
            assertThat(cursor.next()).isFalse();
            assertThatThrownBy(cursor::event).hasMessage("the cursor stands at no event");
            while (cursor.previous()) {
                assertThat(cursor.event().sameAs(read.events.get(--at))).isTrue();
            }
            assertThat(at).isZero();
            assertThat(cursor.previous()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void knowsTheStateOfEachPlace(boolean damaged) throws IOException {
        try (Journal journal = Journal.open(journal(damaged))) {
            Read read = new Read();
            journal.read(read);
            JournalCursor cursor = journal.cursor();
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 200; i++) {
                int at = random.nextInt(read.events.size());
                Event wanted = read.events.get(at);
                assertThat(cursor.seek(wanted.ordinal())).isTrue();
                assertThat(cursor.event().sameAs(wanted)).isTrue();
                if (wanted.kind() != EventKind.LOST) {
                    assertThat(numbers(cursor.stateBefore())).isEqualTo(read.before.get(at));
                }
            }
        }
    }

    @Test
    void standsAtTheGapWhereEventsAreMissing() throws IOException {
        try (Journal journal = Journal.open(journal(true))) {
            Read read = new Read();
            journal.read(read);
            Event lost = read.events.stream()
                    .filter(JournalCursorTest::isGap)
                    .findFirst()
                    .orElseThrow();
            JournalCursor cursor = journal.cursor();
            assertThat(cursor.seek(lost.ordinal() + lost.value(Lost.COUNT) - 1)).isTrue();
            assertThat(cursor.event().kind()).isEqualTo(EventKind.LOST);
            assertThat(cursor.seek(lost.ordinal() + lost.value(Lost.COUNT))).isTrue();
            assertThat(cursor.event().kind()).isNotEqualTo(EventKind.LOST);
            assertThat(cursor.seek(EVENTS)).isFalse();
            assertThat(cursor.previous(JournalCursorTest::isGap)).isTrue();
            assertThat(cursor.next(e -> e.ordinal() > EVENTS)).isFalse();
        }
    }
}
