package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.BlockLayout;
import trapline.block.JournalException;
import trapline.block.JournalFooter;
import trapline.bundle.Bundle;
import trapline.bundle.BundleWriter;
import trapline.bundle.Manifest;
import trapline.chronicle.ChronicleFiles;
import trapline.codec.StateCodec;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamState;

@Timeout(value = 2, unit = TimeUnit.HOURS)
final class BundleTest {

    private static final int MUTATIONS = Integer.getInteger("trapline.damage.mutations", 400);
    private static final long SEED = Long.getLong("trapline.damage.seed", 20080102);

    @TempDir
    private Path directory;

    private final List<Event> events = Streams.random(1, 6000, 2);

    private Path journal() throws IOException {
        Path path = directory.resolve("a.journal");
        try (JournalWriter writer = JournalWriter.create(path, Streams.header(2), JournalOptions.DEFAULT)) {
            Streams.writeInBlocks(writer, events, 2, 500);
            writer.finish();
        }
        return path;
    }

    private static Manifest pack(Path journal, Path file, long from, long to) throws IOException {
        try (Journal opened = Journal.open(journal)) {
            BundleWriter writer = new BundleWriter(opened)
                    .text("summary.txt", "all is well\n")
                    .guest("some/where/handler.c", "int x;".getBytes(StandardCharsets.UTF_8))
                    .attach("..\\evil", new byte[] {1, 2, 3});
            return (to < 0 ? writer : writer.slice(from, to)).write(file, "trapline test");
        }
    }

    private static List<Event> readAll(Path path) throws IOException {
        List<Event> read = new ArrayList<>();
        try (Journal journal = Journal.open(path)) {
            journal.read(event -> read.add(event.copy()));
        }
        return read;
    }

    @Test
    void aBundleIsReadLikeItsJournal() throws IOException {
        Path journal = journal();
        Path bundle = directory.resolve("a.trap");
        Manifest manifest = pack(journal, bundle, 0, -1);
        List<Event> read = readAll(bundle);
        assertThat(read).hasSameSizeAs(events);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).sameAs(events.get(i))).isTrue();
        }
        try (Journal opened = Journal.open(bundle);
                Bundle parts = Bundle.open(bundle)) {
            assertThat(opened.damage()).isEmpty();
            assertThat(opened.verify()).isEmpty();
            assertThat(opened.footer().orElseThrow().digest()).isEqualTo(manifest.digest());
            assertThat(parts.manifest()).isEqualTo(manifest);
            assertThat(parts.altered()).isEmpty();
            assertThat(parts.files())
                    .containsExactly("manifest.json", "summary.txt", "guest/where/handler.c", "attachments/evil");
            Path folder = Files.createDirectory(directory.resolve("unpacked"));
            parts.unpack(folder);
            assertThat(folder.resolve("guest/where/handler.c")).hasContent("int x;");
            JournalCopy.copy(opened, directory.resolve("copy.journal"));
        }
        for (Path file : ChronicleFiles.dataFiles(journal)) {
            assertThat(Files.mismatch(file, directory.resolve("copy.journal").resolve(file.getFileName())))
                    .isEqualTo(-1);
        }
    }

    @Test
    void sameContentSameBytes() throws IOException {
        Path journal = journal();
        pack(journal, directory.resolve("a.trap"), 0, -1);
        pack(journal, directory.resolve("b.trap"), 0, -1);
        assertThat(Files.mismatch(directory.resolve("a.trap"), directory.resolve("b.trap")))
                .isEqualTo(-1);
    }

    @Test
    void aSliceBeginsWithItsState() throws IOException {
        Path journal = journal();
        Path bundle = directory.resolve("a.trap");
        long from = events.get(2900).step();
        long to = events.get(3900).step();
        Manifest manifest = pack(journal, bundle, from, to);
        assertThat(manifest.slice().whole()).isFalse();
        List<Event> read = readAll(bundle);
        Event first = read.get(0);
        assertThat(first.kind()).isEqualTo(EventKind.LOST);
        assertThat(first.text()).isEqualTo("left out of this slice");
        List<Event> wanted =
                events.stream().filter(e -> e.step() >= from && e.step() <= to).toList();
        assertThat(read).hasSize(wanted.size() + 2);
        assertThat(first.value(Lost.COUNT)).isEqualTo(wanted.get(0).ordinal());
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(read.get(i + 1).sameAs(wanted.get(i))).isTrue();
            assertThat(read.get(i + 1).ordinal()).isEqualTo(wanted.get(i).ordinal());
        }
        Event last = read.get(read.size() - 1);
        assertThat(last.value(Lost.COUNT) + last.ordinal()).isEqualTo(events.size());
        assertThat(last.text()).isEqualTo("left out of this slice");
        assertThat(manifest.slice().firstOrdinal()).isEqualTo(wanted.get(0).ordinal());
        assertThat(manifest.slice().endOrdinal()).isEqualTo(last.ordinal());
        assertThat(manifest.slice().lastStep())
                .isEqualTo(wanted.get(wanted.size() - 1).step());
        StreamState before = new StreamState(2, Streams.OBSERVED);
        events.subList(0, (int) wanted.get(0).ordinal()).forEach(before::apply);
        try (Journal opened = Journal.open(bundle)) {
            assertThat(opened.damage()).isEmpty();
            assertThat(opened.verify()).isEmpty();
            assertThat(StateCodec.encode(opened.startState(0))).isEqualTo(StateCodec.encode(before));
            JournalCopy.copy(opened, directory.resolve("unbundled.journal"));
        }
        try (Journal opened = Journal.open(directory.resolve("unbundled.journal"))) {
            assertThat(opened.verify()).isEmpty();
            assertThat(opened.blocks()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void slicesOfAnyLength() throws IOException {
        Path journal = journal();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 40; i++) {
            long from = events.get(random.nextInt(events.size())).step();
            long to = from + random.nextInt(100_000);
            Path bundle = directory.resolve("s" + i + ".trap");
            pack(journal, bundle, from, to);
            check(readAll(bundle), events, "from " + from + " to " + to);
            long wanted = events.stream()
                    .filter(e -> e.step() >= from && e.step() <= to)
                    .count();
            assertThat(readAll(bundle).stream().filter(e -> !e.text().equals("left out of this slice")))
                    .hasSize((int) wanted);
        }
        long beyond = events.get(events.size() - 1).step() + 1;
        assertThatThrownBy(() -> pack(journal, directory.resolve("none.trap"), beyond, beyond + 9))
                .hasMessageContaining("no event between the steps");
    }

    /** As the damage suite does with journals: an event that is read is the one that was written. */
    @Test
    void damagedBundles() throws IOException {
        Map<String, List<Event>> written = Map.of("one", events, "two", Streams.random(2, 3000, 2));
        Map<String, byte[]> bundles = new LinkedHashMap<>();
        for (String name : List.of("one", "two")) {
            Path journal = directory.resolve(name + ".journal");
            try (JournalWriter writer =
                    JournalWriter.create(journal, Streams.header(name, 2), JournalOptions.DEFAULT)) {
                Streams.writeInBlocks(writer, Objects.requireNonNull(written.get(name)), 2, 500);
                writer.finish();
            }
            pack(journal, directory.resolve(name + ".trap"), 0, -1);
            bundles.put(name, Files.readAllBytes(directory.resolve(name + ".trap")));
        }
        List<byte[]> whole = List.copyOf(bundles.values());
        Path damaged = directory.resolve("damaged.trap");
        int readable = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            BundleMutations mutation = List.of(BundleMutations.values()).get(i % BundleMutations.values().length);
            byte[] bytes = mutation.apply(whole.get(random.nextInt(2)).clone(), whole.get(random.nextInt(2)), random);
            Files.write(damaged, bytes);
            Effort effort = new Effort();
            readable += survives(damaged, written, mutation + " with seed " + (SEED + i)) ? 1 : 0;
            effort.check(mutation + " with seed " + (SEED + i));
        }
        assertThat(readable).isGreaterThan(MUTATIONS / 2);
    }

    private static boolean survives(Path damaged, Map<String, List<Event>> written, String what) throws IOException {
        try (Bundle parts = Bundle.open(damaged)) {
            parts.altered();
        } catch (JournalException e) {
            assertThat(e).as(what).hasMessageStartingWith(damaged.toString());
        }
        try (Journal journal = Journal.open(damaged)) {
            List<Event> events =
                    Objects.requireNonNull(written.get(journal.header().name()));
            List<Event> read = new ArrayList<>();
            journal.read(event -> read.add(event.copy()));
            check(read, events, what);
            journal.verify();
            return true;
        } catch (JournalException e) {
            assertThat(e).as(what).hasMessageStartingWith(damaged.toString());
            return false;
        }
    }

    private static void check(List<Event> read, List<Event> events, String what) {
        long next = 0;
        for (Event event : read) {
            assertThat(event.ordinal()).as(what).isEqualTo(next);
            if (next < events.size() && event.sameAs(events.get((int) next))) {
                next++;
            } else {
                assertThat(event.kind()).as(what).isEqualTo(EventKind.LOST);
                next = event.value(Lost.COUNT) < 0 ? Long.MAX_VALUE : next + event.value(Lost.COUNT);
            }
        }
        assertThat(next).as(what).isGreaterThanOrEqualTo(events.size());
    }

    /** The directory of a zip file stands at its end, where an upload that is cut off has nothing. */
    @Test
    void aBundleWithoutItsDirectoryIsReadAsFarAsItGoes() throws IOException {
        Path bundle = directory.resolve("a.trap");
        pack(journal(), bundle, 0, -1);
        byte[] bytes = Files.readAllBytes(bundle);
        Files.write(bundle, Arrays.copyOf(bytes, bytes.length - 30));
        assertThat(readAll(bundle)).hasSameSizeAs(events);
        Files.write(bundle, Arrays.copyOf(bytes, bytes.length / 2));
        List<Event> half = readAll(bundle);
        assertThat(half).hasSizeGreaterThan(1000);
        assertThat(half.get(half.size() - 1).kind()).isEqualTo(EventKind.LOST);
        check(half, events, "half");
        try (Journal journal = Journal.open(bundle)) {
            assertThat(journal.damage().get(0).what()).contains("zip directory", "cut off");
            assertThat(journal.closed()).isFalse();
        }
        assertThatThrownBy(() -> Bundle.open(bundle)).isInstanceOf(JournalException.class);
        Files.write(bundle, Arrays.copyOf(bytes, 100));
        assertThatThrownBy(() -> Journal.open(bundle)).hasMessageContaining("is it cut off?");
    }

    private Path zip(Map<String, byte[]> content) throws IOException {
        Path file = Files.createTempFile(directory, "hostile", ".trap");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    @Test
    void namesThatLeadElsewhere() throws IOException {
        for (String name :
                List.of("../x", "/etc/passwd", "guest/../../x", "a\\b", "guest//x", ".hidden", "x\n", "C:x")) {
            Path file = zip(Map.of(name, new byte[1]));
            assertThatThrownBy(() -> Journal.open(file)).as(name).isInstanceOf(JournalException.class);
            assertThatThrownBy(() -> Bundle.open(file)).as(name).isInstanceOf(JournalException.class);
        }
    }

    @Test
    void twoEntriesOfOneName() throws IOException {
        Path file = zip(new LinkedHashMap<>(Map.of("guest/a.c", new byte[1], "guest/A.c", new byte[1])));
        assertThatThrownBy(() -> Bundle.open(file)).hasMessageContaining("two entries named");
        byte[] bytes = Files.readAllBytes(
                zip(new LinkedHashMap<>(Map.of("guest/a.c", new byte[1], "guest/b.c", new byte[1]))));
        String same = new String(bytes, StandardCharsets.ISO_8859_1).replace("guest/b.c", "guest/a.c");
        Files.write(file, same.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Bundle.open(file)).isInstanceOf(JournalException.class);
    }

    @Test
    void bombsAndSizesThatLie() throws IOException {
        Path bomb = zip(Map.of("blocks/00000000", new byte[200_000_000]));
        assertThatThrownBy(() -> Journal.open(bomb)).isInstanceOf(JournalException.class);
        byte[] bytes = Files.readAllBytes(zip(Map.of("manifest.json", new byte[50_000])));
        for (long says : new long[] {0, 1, 49_999, 50_001, 0x7fffffffL, 0xfffffffeL}) {
            byte[] lying = bytes.clone();
            int directoryAt = BlockLayout.getInt(lying, lying.length - 6);
            BlockLayout.putInt(lying, directoryAt + 24, (int) says);
            Path file = directory.resolve("lying.trap");
            Files.write(file, lying);
            assertThatThrownBy(() -> Bundle.open(file)).as("%d", says).isInstanceOf(JournalException.class);
        }
        byte[] directory32 = bytes.clone();
        BlockLayout.putInt(directory32, directory32.length - 10, 0x7fff_ffff);
        Path file = directory.resolve("lying.trap");
        Files.write(file, directory32);
        assertThatThrownBy(() -> Bundle.open(file)).hasMessageContaining("its directory is too long");
    }

    @Test
    void aJournalIsRecoveredFromWhatIsLeft() throws IOException {
        Path journal = journal();
        Path data = ChronicleFiles.dataFiles(journal).get(0);
        byte[] bytes = Files.readAllBytes(data);
        int[] block = Mutations.blocks(bytes).get(4);
        Arrays.fill(bytes, block[0] + 100, block[1], (byte) 0x55);
        Files.write(data, bytes);
        Path recovered = directory.resolve("recovered.journal");
        JournalFooter footer;
        try (Journal opened = Journal.open(journal)) {
            footer = JournalCopy.recover(opened, recovered);
        }
        List<Event> before = readAll(journal);
        List<Event> after = readAll(recovered);
        assertThat(after).hasSameSizeAs(before);
        assertThat(footer.counts().get("lost")).isPositive();
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).sameAs(before.get(i))).isTrue();
        }
        try (Journal opened = Journal.open(recovered)) {
            assertThat(opened.verify()).isEmpty();
            assertThat(opened.damage()).isEmpty();
            assertThat(opened.closed()).isTrue();
        }
    }
}
