package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The trap corpus: {@code traps/*.txt}. */
final class TrapCorpus {
    static final Path FOLDER = CorpusTables.FOLDER.resolve("traps");

    private TrapCorpus() {}

    /** All files, sorted by name. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("tf-.*\\.txt"))
                    .sorted()
                    .toList();
        }
    }

    /** All cases in order of file and line. */
    static List<TrapCase> load() throws IOException {
        List<TrapCase> cases = new ArrayList<>();
        for (Path file : files()) {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.startsWith("case ")) {
                    cases.add(new TrapCase(
                            file.getFileName().toString(),
                            number,
                            line.substring(5).trim()));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    cases.get(cases.size() - 1).add(line);
                }
            }
        }
        return cases;
    }

    /** Each case in each of its rings. */
    static List<TrapImage.Run> runs(List<TrapCase> cases) {
        List<TrapImage.Run> runs = new ArrayList<>();
        for (TrapCase test : cases) {
            test.rings.forEach(ring -> runs.add(new TrapImage.Run(test, ring)));
        }
        return runs;
    }

    /** What the capture program saw in ring 3: trap lines by case. */
    static Map<String, List<String>> hardware() throws IOException {
        Map<String, List<String>> traps = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        for (String line : Files.readAllLines(FOLDER.resolve("hardware.lst"))) {
            if (line.startsWith("case ")) {
                open = new ArrayList<>();
                traps.put(line.substring(5), open);
            } else {
                open.add(line);
            }
        }
        return traps;
    }
}
