package trapline.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import trapline.events.Event;

/** The process that the kill test kills: writes a known stream in small blocks, and says when it has begun. */
final class KilledWriter {

    static final int EVENTS = 60_000;
    static final int EVENTS_PER_BLOCK = 200;
    static final long SEED = 11;

    private KilledWriter() {}

    /**
     * Writes, and is killed while it does.
     *
     * @param args directory of the journal to write; files to roll in bytes
     */
    public static void main(String[] args) throws IOException {
        List<Event> events = Streams.random(SEED, EVENTS, 2);
        JournalOptions options = JournalOptions.DEFAULT.withRollBytes(Long.parseLong(args[1]));
        try (JournalWriter writer = JournalWriter.create(Path.of(args[0]), Streams.header(2), options)) {
            System.out.println("begun");
            Streams.writeInBlocks(writer, events, 2, EVENTS_PER_BLOCK);
            writer.finish();
        }
        System.out.println("finished");
    }
}
