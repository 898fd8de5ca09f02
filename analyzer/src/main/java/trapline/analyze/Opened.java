package trapline.analyze;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import trapline.events.EventKind;
import trapline.events.EventTextTables;
import trapline.journal.Journal;
import trapline.journal.JournalHeader;

/** A journal that a command works on. */
final class Opened implements Closeable {

    private final Journal journal;
    private final EventTextTables tables;

    private Opened(Journal journal) {
        this.journal = journal;
        this.tables = tables(journal.header());
    }

    static Opened journal(Path path) throws IOException {
        return new Opened(Journal.open(path));
    }

    /** The tables of a header. */
    static EventTextTables tables(JournalHeader header) {
        Set<EventKind> delivers = EnumSet.noneOf(EventKind.class);
        delivers.addAll(header.delivers());
        return new EventTextTables(
                header.cpus(), delivers, header.eflagsAll(), header.observed(), header.symbolTable());
    }

    Journal journal() {
        return journal;
    }

    JournalHeader header() {
        return journal.header();
    }

    EventTextTables tables() {
        return tables;
    }

    /** One line that says what it is. */
    String describe() {
        JournalHeader h = header();
        StringBuilder out = new StringBuilder(h.name().isEmpty() ? "unnamed" : h.name());
        out.append(h.flow().isEmpty() ? "" : ", flow " + h.flow());
        out.append(", ").append(Words.count(h.cpus(), "CPU", "CPUs"));
        return out.append(", ")
                .append(Words.count(journal.events(), "event", "events"))
                .toString();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
