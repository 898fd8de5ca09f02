package trapline.samples.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The committed instruction tables. */
final class CorpusTables {
    /** Where the tables, guests and lists are. */
    static final Path FOLDER = Path.of("conformance");

    private CorpusTables() {}

    /** Names of all tables, in alphabetical order. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("tables"))) {
            return files.map(file -> file.getFileName().toString().replace(".txt.gz", ""))
                    .sorted()
                    .toList();
        }
    }

    /** The forms of a table, in its order. */
    static List<CorpusForm> load(String table) throws IOException {
        Path file = FOLDER.resolve("tables").resolve(table + ".txt.gz");
        List<CorpusForm> forms = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.startsWith("form ")) {
                    int bar = line.indexOf(" | ");
                    forms.add(new CorpusForm(
                            table, line.substring(5, bar), line.substring(bar + 3), number + 1, new ArrayList<>()));
                } else {
                    forms.get(forms.size() - 1).lines().add(line);
                }
            }
        }
        return forms;
    }
}
