package trapline.analyze;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import trapline.events.EventTextFile;
import trapline.events.EventTextTables;
import trapline.journal.JournalHeader;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;

/** Journals made from traces in text form. */
final class TraceJournals {

    private TraceJournals() {}

    static Path write(String trace, Path directory) throws IOException {
        return write(trace, directory, true);
    }

    static Path writeUnclosed(String trace, Path directory) throws IOException {
        return write(trace, directory, false);
    }

    private static Path write(String trace, Path directory, boolean finish) throws IOException {
        EventTextFile file;
        String resource = "/trapline/checks/" + trace + ".events";
        try (InputStream in = Objects.requireNonNull(TraceJournals.class.getResourceAsStream(resource), resource)) {
            file = EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
        Path journal = directory.resolve(trace + ".journal");
        try (JournalWriter writer =
                JournalWriter.create(journal, header(trace, file.tables()), JournalOptions.DEFAULT)) {
            file.events().forEach(writer::accept);
            if (finish) {
                writer.finish();
            }
        }
        return journal;
    }

    private static JournalHeader header(String name, EventTextTables tables) {
        return new JournalHeader(
                "tests",
                1,
                "text",
                "retired instructions",
                tables.cpus(),
                tables.eflagsAll(),
                tables.delivers().stream().sorted().toList(),
                tables.observed(),
                tables.symbols().symbols(),
                Map.of(),
                name,
                "linux-2.6.24",
                name,
                "",
                "");
    }
}
