package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.JournalException;
import trapline.chronicle.QueueFile;
import trapline.codec.StateCodec;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.StreamState;

/** Journals that somebody made to hurt: each is answered in seconds, in little memory, and in one line. */
@Timeout(value = 5, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileJournalTest {

    private static final String DATA_FILE = "19700101F.cq4";

    @TempDir
    private Path directory;

    private static List<Event> readAll(Path path) throws IOException {
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(event -> read.add(event.copy()));
            journal.verify();
        }
        return read;
    }

    private void refused(Path path) {
        assertThatThrownBy(() -> Journal.open(path))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith(path.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static void extend(Path file, long bytes) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(bytes);
        }
    }

    @Test
    void aTerabyteOfHoles() throws IOException {
        extend(directory.resolve(DATA_FILE), 1L << 40);
        refused(directory);
    }

    @Test
    void aTerabyteOfHolesBehindAJournal() throws IOException {
        List<Event> events = Streams.random(1, 1000, 1);
        try (JournalWriter writer =
                JournalWriter.create(directory.resolve("a"), Streams.header(1), JournalOptions.DEFAULT)) {
            events.forEach(writer::accept);
            writer.finish();
        }
        extend(directory.resolve("a").resolve(DATA_FILE), 1L << 40);
        assertThat(readAll(directory.resolve("a"))).hasSize(1000);
    }

    @Test
    void pipesLinksAndDirectoriesAsDataFiles() throws IOException, InterruptedException {
        Path pipe = Files.createDirectory(directory.resolve("pipe"));
        boolean made = new ProcessBuilder("mkfifo", pipe.resolve(DATA_FILE).toString())
                        .start()
                        .waitFor()
                == 0;
        assumeTrue(made, "mkfifo is not there");
        assertThatThrownBy(() -> Journal.open(pipe)).hasMessageContaining("is not a regular file");
        Path link = Files.createDirectory(directory.resolve("link"));
        Files.createSymbolicLink(link.resolve(DATA_FILE), Path.of("/dev/zero"));
        assertThatThrownBy(() -> Journal.open(link)).hasMessageContaining("is not a regular file");
        Path folder = Files.createDirectories(directory.resolve("folder").resolve(DATA_FILE));
        assertThatThrownBy(() -> Journal.open(folder.resolveSibling(""))).isInstanceOf(JournalException.class);
    }

    /** Every cell of 96 bytes begins a block of 16 MiB whose trailer seems to be right. */
    @Test
    void nothingButBeginningsOfBlocks() throws IOException {
        int cell = BlockLayout.STATE_OFFSET + BlockLayout.TRAILER_BYTES;
        int payload = (BlockLayout.TEXT_BYTES_MAX - 2 * cell) / cell * cell;
        byte[] one = new byte[cell];
        new BlockInfo(BlockLayout.HEADER, 0, 0, 0, 0, 0, 0, payload).put(one);
        BlockLayout.putInt(one, cell - 4, ~BlockLayout.MAGIC);
        byte[] file = new byte[cell * 500_000];
        for (int at = 0; at < file.length; at += cell) {
            System.arraycopy(one, 0, file, at, cell);
        }
        Files.write(directory.resolve(DATA_FILE), file);
        refused(directory);
    }

    @Test
    void nothingButChroniclesOwnExcerpts() throws IOException {
        byte[] file = new byte[1 << 26];
        for (int at = 0; at < file.length; at += 4) {
            BlockLayout.putInt(file, at, QueueFile.META);
        }
        Files.write(directory.resolve(DATA_FILE), file);
        refused(directory);
    }

    @Test
    void headersThatAreBombs() throws IOException {
        String deep = "[".repeat(100_000);
        String wide =
                "{\"header\":{\"images\":{" + "\"a\":\"b\",".repeat(1_800_000).replaceFirst(",$", "") + "}}}";
        String number = "{\"keepLast\":" + "9".repeat(1_000_000) + "}";
        String rows = "{\"header\":{\"cpus\":64,\"observed\":[" + "{\"count\":64},".repeat(50_000) + "null]}}";
        for (String json : List.of(deep, wide, number, rows, "null", "{}", "{\"header\":null,\"keepLast\":0}")) {
            Path path = Files.createTempDirectory(directory, "bomb");
            refused(RawJournal.begin(json.getBytes(StandardCharsets.UTF_8)).in(path));
        }
    }

    @Test
    void aFooterThatLies() throws IOException {
        Path path = RawJournal.begin(Streams.header(1))
                .end("{\"events\":999,\"steps\":0,\"counts\":{},\"digest\":\"\",\"end\":\"\"}"
                        .getBytes(StandardCharsets.UTF_8))
                .in(directory);
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.closed()).isFalse();
            assertThat(journal.damage())
                    .singleElement()
                    .satisfies(d -> assertThat(d.what()).endsWith("is no footer of this journal"));
        }
    }

    @Test
    void startStatesThatLie() throws IOException {
        byte[] good = StateCodec.encode(new StreamState(2, Streams.OBSERVED));
        byte[] endless = new byte[BlockLayout.STATE_BYTES_MAX];
        byte[] wild = new byte[100];
        Arrays.fill(wild, (byte) 0xff);
        byte[] unending = new byte[1000];
        Arrays.fill(unending, (byte) 0x80);
        for (byte[] state : List.of(endless, wild, unending, new byte[0], Arrays.copyOf(good, good.length - 1))) {
            Path path = Files.createTempDirectory(directory, "state");
            RawJournal.begin(Streams.header(2))
                    .events(1, 0, state, new byte[] {(byte) 0x80, 0, 0})
                    .in(path);
            assertThat(readAll(path))
                    .singleElement()
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(EventKind.LOST));
        }
    }

    /** Right checksums around noise: the decoder alone stands against it. */
    @Test
    void payloadsThatAreNoise() throws IOException {
        byte[] state = StateCodec.encode(new StreamState(2, Streams.OBSERVED));
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RawJournal journal = RawJournal.begin(Streams.header(2));
            byte[] payload = new byte[1 + random.nextInt(3000)];
            random.nextBytes(payload);
            if (random.nextBoolean()) {
                // Mostly what a decoder accepts at first: short forms and known kinds.
                for (int i = 0; i < payload.length; i++) {
                    payload[i] &= (byte) (random.nextInt(10) == 0 ? 0xff : 0x5f);
                }
            }
            journal.events(1 + random.nextInt(payload.length), random.nextLong(1L << 40), state, payload);
            Path path = journal.in(directory.resolve("noise" + seed));
            List<Event> read = readAll(path);
            assertThat(read.get(read.size() - 1).kind()).as("seed %d", seed).isEqualTo(EventKind.LOST);
        }
    }
}
