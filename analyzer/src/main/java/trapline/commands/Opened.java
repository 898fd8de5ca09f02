package trapline.commands;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import trapline.block.JournalHeader;
import trapline.bundle.Bundle;
import trapline.diff.Code;
import trapline.journal.Journal;
import trapline.text.EventTextTables;
import trapline.verdicts.JournalVerdicts;

/** A journal that a command works on. */
final class Opened implements Closeable {

    private final Journal journal;
    private final EventTextTables tables;

    private Opened(Journal journal, EventTextTables tables) {
        this.journal = journal;
        this.tables = tables;
    }

    static Opened journal(Path path) throws IOException {
        Journal journal = Bundle.journal(path);
        return new Opened(journal, JournalVerdicts.tables(journal.header()));
    }

    /** As above, with the source lines of the guest wherever its code can be found. */
    static Opened journal(Path path, Code.Finder code) throws IOException {
        Journal journal = Bundle.journal(path);
        return new Opened(journal, JournalVerdicts.tables(journal.header()).withSources(code.sources(journal)));
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
