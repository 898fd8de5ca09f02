package trapline.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** Journals made from traces in text form, repeated to any length. */
final class Journals {

    private static final long SEED = 20_080_102;

    private Journals() {}

    static EventTextFile trace(String name) throws IOException {
        String resource = "/trapline/checks/" + name + ".events";
        try (InputStream in = Objects.requireNonNull(Journals.class.getResourceAsStream(resource), resource)) {
            return EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    static Path write(Path directory, String trace, String flow) throws IOException {
        return write(directory.resolve(trace + "-" + flow + ".journal"), trace(trace), trace, flow, 1, 0);
    }

    /**
     * Writes a trace again and again, each time later.
     *
     * @param times how often
     * @param arithmetic arithmetic EFLAGS writes before each event, with flags drawn from a fixed seed
     */
    static Path write(Path path, EventTextFile trace, String name, String flow, int times, int arithmetic)
            throws IOException {
        long length = 1 + trace.events().stream().mapToLong(Event::step).max().orElse(0);
        SplittableRandom random = new SplittableRandom(SEED);
        long scale = arithmetic + 1L;
        long last = -1;
        try (JournalWriter writer =
                JournalWriter.create(path, header(trace.tables(), name, flow), JournalOptions.DEFAULT)) {
            for (int i = 0; i < times; i++) {
                for (Event event : trace.events()) {
                    if (event.kind() == EventKind.HALT && i + 1 < times) {
                        continue;
                    }
                    long step = (event.step() + i * length) * scale;
                    for (int k = arithmetic; k > 0 && step > last; k--) {
                        writer.flags(event.cpu(), step - k, event.ip(), 0x2 | (random.nextInt() & 0x8d5));
                    }
                    writer.accept(moved(event, step));
                    last = step;
                }
            }
            writer.finish();
        }
        return path;
    }

    private static Event moved(Event event, long step) {
        Event copy = event.copy();
        return copy.begin(event.kind(), step, event.cpu(), event.ip()).text(event.text());
    }

    static JournalHeader header(EventTextTables tables, String name, String flow) {
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
                flow,
                name,
                "",
                "trapline-recipe 1 semantics=1 scenario=" + name + " flow=" + flow + "\ncrc=00000000\n");
    }
}
