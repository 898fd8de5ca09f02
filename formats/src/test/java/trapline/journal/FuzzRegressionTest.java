package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.ByteOutput;
import trapline.bundle.BundleWriter;
import trapline.codec.EventEncoder;
import trapline.codec.OtherColumn;
import trapline.codec.Prediction;
import trapline.codec.StateCodec;
import trapline.events.Event;
import trapline.events.StreamState;

/** The short run of the fuzz targets: every input that is kept, and some hundred mutations of each. */
final class FuzzRegressionTest {

    private static final Path INPUTS = Path.of("src/test/resources/trapline/journal/fuzz");
    private static final int MUTATIONS = 200;
    private static final int EVENTS = 240;
    private static final long SEED = 20080102;

    @TempDir
    private Path directory;

    private interface Target {
        void run(byte[] data) throws IOException;
    }

    private static void runAll(String name, Target target) throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(INPUTS.resolve(name))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            byte[] data = Files.readAllBytes(input);
            target.run(data);
            for (int i = 0; i < MUTATIONS; i++) {
                SplittableRandom random = new SplittableRandom(SEED + i);
                byte[] mutated = data.clone();
                for (int bytes = 1 + random.nextInt(4); bytes > 0 && mutated.length > 0; bytes--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                target.run(mutated);
            }
        }
    }

    /** Otherwise they would not lead far into the code. {@code -Dupdate.expected=true} makes them anew. */
    @Test
    void keptInputsAreOfThisFormat() throws IOException {
        Path codec = INPUTS.resolve("blockCodec/loop");
        Path file = INPUTS.resolve("dataFile/one-block");
        Path bundle = INPUTS.resolve("bundle/one-block");
        if (Boolean.getBoolean("update.expected")) {
            byte[] payload = payload();
            byte[] data = new byte[1 + payload.length];
            data[0] = (byte) EVENTS;
            System.arraycopy(payload, 0, data, 1, payload.length);
            Files.write(codec, data);
            Files.write(file, journal(payload));
            Files.delete(bundle);
            try (Journal opened = Journal.open(placed(file))) {
                new BundleWriter(opened).text("summary.txt", "-\n").write(bundle, "test");
            }
        }
        assertThat(FuzzTargets.problem(Files.readAllBytes(codec))).isEmpty();
        for (Path path : List.of(placed(file), bundle)) {
            try (Journal opened = Journal.open(path)) {
                assertThat(opened.verify()).as(path.toString()).isEmpty();
                assertThat(opened.events()).as(path.toString()).isEqualTo(EVENTS);
            }
        }
    }

    private static List<Event> events() {
        return Streams.loop(SEED, EVENTS, FuzzTargets.CPUS, 8);
    }

    private static byte[] payload() {
        ByteOutput out = new ByteOutput(EventEncoder.BUFFER_BYTES);
        StreamState state = new StreamState(FuzzTargets.CPUS, Streams.OBSERVED);
        EventEncoder encoder = new EventEncoder(
                state,
                out,
                new Prediction(FuzzTargets.CPUS).begin(state),
                new OtherColumn(FuzzTargets.CPUS).begin(state));
        events().forEach(encoder::put);
        encoder.end();
        return Arrays.copyOf(out.bytes, out.length);
    }

    private static byte[] journal(byte[] payload) throws IOException {
        StreamState start = new StreamState(FuzzTargets.CPUS, Streams.OBSERVED);
        long lastStep = events().get(EVENTS - 1).step();
        return RawJournal.begin(Streams.header(FuzzTargets.CPUS))
                .events(EVENTS, lastStep, StateCodec.encode(start), payload)
                .bytes();
    }

    private Path placed(Path file) throws IOException {
        Path journal = Files.createDirectories(directory.resolve("kept.journal"));
        Files.write(journal.resolve("19700101F.cq4"), Files.readAllBytes(file));
        return journal;
    }

    @Test
    void blockCodec() throws IOException {
        runAll("blockCodec", FuzzTargets::blockCodec);
    }

    @Test
    void dataFile() throws IOException {
        runAll("dataFile", data -> FuzzTargets.dataFile(data, directory));
    }

    @Test
    void bundle() throws IOException {
        runAll("bundle", data -> FuzzTargets.bundle(data, directory));
    }

    @Test
    void mail() throws IOException {
        runAll("mail", FuzzTargets::mail);
    }
}
