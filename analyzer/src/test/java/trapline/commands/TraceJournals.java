package trapline.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.StreamState;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** Journals made from traces in text form. */
public final class TraceJournals {

    private TraceJournals() {}

    static Path write(String trace, Path directory) throws IOException {
        return write(trace, directory, true, Integer.MAX_VALUE);
    }

    /** Blocks of so many events: far fewer than a full block has. */
    static Path writeInBlocks(String trace, Path directory, int eventsPerBlock) throws IOException {
        return write(trace, directory, true, eventsPerBlock);
    }

    static Path writeUnclosed(String trace, Path directory) throws IOException {
        return write(trace, directory, false, Integer.MAX_VALUE);
    }

    static EventTextFile load(String trace) throws IOException {
        String resource = "/trapline/checks/" + trace + ".events";
        try (InputStream in = Objects.requireNonNull(TraceJournals.class.getResourceAsStream(resource), resource)) {
            return EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    private static Path write(String trace, Path directory, boolean finish, int eventsPerBlock) throws IOException {
        EventTextFile file = load(trace);
        Path journal = directory.resolve(trace + ".journal");
        try (JournalWriter writer =
                JournalWriter.create(journal, header(trace, file.tables()), JournalOptions.DEFAULT)) {
            writeInBlocks(writer, file.tables(), file.events(), eventsPerBlock);
            if (finish) {
                writer.finish();
            }
        }
        return journal;
    }

    /** Writes events in blocks of so many. */
    public static void writeInBlocks(
            JournalWriter writer, EventTextTables tables, List<Event> events, int eventsPerBlock) {
        StreamState state = new StreamState(Math.max(1, tables.cpus()), tables.observed());
        for (Event event : events) {
            if (writer.events() % eventsPerBlock == eventsPerBlock - 1) {
                writer.resume(state); // with the state that it has: this only ends the block
            }
            writer.accept(event);
            state.apply(event);
        }
    }

    /** A header for a trace's tables. */
    public static JournalHeader header(String name, EventTextTables tables) {
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
