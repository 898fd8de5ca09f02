package trapline.commands;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import trapline.block.JournalHeader;
import trapline.bundle.Bundle;
import trapline.journal.Journal;
import trapline.text.EventTextTables;
import trapline.verdicts.JournalVerdicts;

/** A journal that a command works on. */
final class Opened implements Closeable {

    private final Journal journal;
    private final EventTextTables tables;

    private Opened(Journal journal) {
        this.journal = journal;
        this.tables = JournalVerdicts.tables(journal.header());
    }

    static Opened journal(Path path) throws IOException {
        return new Opened(Bundle.journal(path));
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

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
