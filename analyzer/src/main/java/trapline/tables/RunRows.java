package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.journal.Journal;

/** Rows of {@link Table#RUNS}. */
final class RunRows {

    static final List<Column> COLUMNS = List.of(
            Column.run(),
            text("scenario_name", "name of the scenario, or of the guest").orNone(),
            text("flow", "handler flow").orNone(),
            text("workload", "the probed code").orNone(),
            text("source", "what the events come from").orNone(),
            text("clock", "what a step counts").orNone(),
            number("cpus", "number of CPUs").orNone(),
            number("event_count", "number of events").orNone(),
            text("digest", "of its events; none if it is not closed").orNone(),
            text("tool", "program that wrote it").orNone(),
            number("semantics", "version of the machine's semantics").orNone(),
            text("architecture", "of the CPUs").orNone(),
            text("scenario_text", "text of the scenario file").orNone(),
            text("recipe", "text that regenerates the journal").orNone(),
            text("complaint", "what is wrong with it although it could be read").orNone(),
            text("failure", "why it could not be read; all else is none then").orNone());

    private RunRows() {}

    /** The row of a journal that has been read. */
    static void write(String run, Journal journal, Rows rows) {
        JournalHeader header = journal.header();
        rows.text(run);
        rows.text(some(header.name()));
        rows.text(some(header.flow()));
        rows.text(some(header.workload()));
        rows.text(header.source());
        rows.text(header.clock());
        rows.number(header.cpus());
        rows.number(journal.events());
        rows.text(journal.footer().map(JournalFooter::digest).orElse(null));
        rows.text(header.tool());
        rows.number(header.semantics());
        rows.text(header.architecture().label());
        rows.text(some(header.scenario()));
        rows.text(some(header.recipe()));
        rows.text(some(journal.complaint()));
        rows.none();
        rows.endRow();
    }

    /** The row of one that cannot be read. */
    static void unreadable(String run, String failure, Rows rows) {
        rows.text(run);
        for (int i = 1; i < COLUMNS.size() - 1; i++) {
            rows.none();
        }
        rows.text(failure);
        rows.endRow();
    }

    private static @Nullable String some(String text) {
        return text.isEmpty() ? null : text;
    }
}
