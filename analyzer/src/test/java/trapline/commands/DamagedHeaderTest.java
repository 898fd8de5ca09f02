package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;

/** A journal has its header twice. One damaged copy costs nothing, but whoever reads the journal is told. */
class DamagedHeaderTest {

    private static final byte[] MAGIC = {'T', 'P', 'L', 'B'};
    private static final int TYPE_OFFSET = 6;
    private static final int HEADER = 1;
    private static final int IN_PAYLOAD = 100;

    @TempDir
    private Path directory;

    private Path journal = Path.of(".");
    private final CapturedAnalyzer analyzer = new CapturedAnalyzer();

    @BeforeEach
    void write() throws IOException {
        journal = TraceJournals.write("TF-RESTORED.pass", directory);
    }

    private ExitCode on(Path path, List<String> command) {
        List<String> args = new ArrayList<>(command);
        args.replaceAll(arg -> arg.equals("PATH") ? path.toString() : arg);
        return analyzer.run(args.toArray(String[]::new));
    }

    /** Each command that reads, with places for its output that are new each time. */
    private List<List<String>> commands(String folder) throws IOException {
        Path to = Files.createDirectory(directory.resolve(folder));
        return List.of(
                List.of("check", "PATH"),
                List.of("check", "--follow", "PATH"),
                List.of("show", "PATH"),
                List.of("replay", "PATH", "--at", "100000"),
                List.of("blame", "PATH", "--at", "100000", "--what", "TF"),
                List.of("latency", "PATH"),
                List.of("diff", "PATH", "PATH"),
                List.of("report", "PATH", "-o", to.resolve("r.html").toString()),
                List.of("bundle", "PATH", "-o", to.resolve("b.trap").toString()),
                List.of("recover", "PATH", "-o", to.resolve("new.journal").toString()),
                List.of("export", "PATH", "--to", "csv", "-o", to.resolve("c").toString()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isSaidByEveryCommandThatReads(int copy) throws IOException {
        Path damaged = damaged(copy);
        List<List<String>> onGood = commands("good");
        List<List<String>> onDamaged = commands("damaged");
        for (int i = 0; i < onGood.size(); i++) {
            List<String> command = onGood.get(i);
            ExitCode good = on(journal, command);
            String goodOut = analyzer.out();
            assertThat(analyzer.err()).as("%s", command).doesNotContain("damaged");

            assertThat(on(damaged, onDamaged.get(i))).as("%s", command).isEqualTo(good);
            assertThat(analyzer.out().replace(damaged.toString(), journal.toString()))
                    .as("%s", command)
                    .isEqualTo(goodOut);
            assertThat(analyzer.err().lines())
                    .as("%s", command)
                    .contains(damaged + ": is damaged, but no event is missing: block " + (copy * 2)
                            + " checksum does not hold; 'trapline-analyzer doctor " + damaged + "' tells all");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isFoundByDoctorAndInfo(int copy) throws IOException {
        Path damaged = damaged(copy);
        assertThat(analyzer.run("doctor", damaged.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("block " + (copy * 2) + " checksum does not hold");
        assertThat(analyzer.run("info", damaged.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.out()).contains("block " + (copy * 2) + " checksum does not hold");
    }

    @Test
    void isNotSaidOfDamagedEvents() throws IOException {
        Path damaged = damaged(journal, blocks(journal).get(1));
        assertThat(analyzer.run("check", damaged.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.err()).contains(damaged + ": events are missing: checksum of block 1 does not hold");
        assertThat(analyzer.run("show", damaged.toString())).isEqualTo(ExitCode.LOSSY);
        assertThat(analyzer.err()).contains(damaged + ": events are missing: checksum of block 1 does not hold");
    }

    /** The journal with one copy of its header damaged. */
    private Path damaged(int copy) throws IOException {
        byte[] bytes = Files.readAllBytes(dataFile(journal));
        List<Integer> headers = new ArrayList<>(blocks(journal));
        headers.removeIf(at -> bytes[at + TYPE_OFFSET] != HEADER);
        assertThat(headers).hasSize(2);
        return damaged(journal, headers.get(copy));
    }

    private Path damaged(Path good, int block) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("damaged-" + block + ".journal"));
        byte[] bytes = Files.readAllBytes(dataFile(good));
        bytes[block + IN_PAYLOAD] ^= 0x55;
        Files.write(copy.resolve(dataFile(good).getFileName()), bytes);
        return copy;
    }

    private static List<Integer> blocks(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(dataFile(path));
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at + MAGIC.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                found.add(at);
            }
        }
        return found;
    }

    private static Path dataFile(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(f -> f.toString().endsWith(".cq4")).findAny().orElseThrow();
        }
    }
}
