package trapline.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a Chronicle Queue, by name alone. */
final class ChronicleFiles {

    private ChronicleFiles() {}

    /** The data files of a queue in the order of their cycles. */
    static List<Path> dataFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }
}
