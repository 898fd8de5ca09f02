package trapline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run of the fuzz targets: every input that is kept, and some hundred mutations of each. */
final class FuzzRegressionTest {

    private static final Path INPUTS = Path.of("src/test/resources/trapline/journal/fuzz");
    private static final int MUTATIONS = 200;
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
