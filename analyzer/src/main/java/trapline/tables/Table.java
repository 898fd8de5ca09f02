package trapline.tables;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables and their columns. */
@SuppressWarnings("ImmutableEnumChecker") // The lists are List.of or copies of it, which their type does not say.
public enum Table {
    /** One row for each journal or bundle, those that cannot be read included. */
    RUNS("one row a run: what its journal says of itself, and what is wrong with it", RunRows.COLUMNS),
    /** One row for each check of each run. */
    VERDICTS("one row a check of a run: what it said", VerdictRows.VERDICTS),
    /** One row for each violation. */
    FINDINGS("one row a violation: where, and what went wrong", VerdictRows.FINDINGS),
    /** One row for each probe hit. */
    HITS("one row a probe hit: from its int3 to its completion", HitRows.COLUMNS),
    /** One row for each trap. */
    TRAPS("one row a trap: its entry and its IRET", TrapRows.COLUMNS),
    /** One row for each span of time. */
    SPANS("one row a span: traps, hits, handlers, times with IF=0, TF=1 or a current probe", SpanRows.COLUMNS),
    /** One row for each event. */
    EVENTS("one row an event, arithmetic included; a column for each field that any kind has", EventRows.COLUMNS);

    /** Version of all tables together; raised when a column is appended. */
    public static final int SCHEMA_VERSION = 1;

    private final String meaning;
    private final List<Column> columns;

    Table(String meaning, List<Column> columns) {
        this.meaning = meaning;
        this.columns = columns;
    }

    /** Its name in SQL, in a data set and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a row is. */
    public String meaning() {
        return meaning;
    }

    /** Its columns, in the order of the cells. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * The table of a name.
     *
     * @return null if there is none
     */
    public static @Nullable Table ofLabel(String label) {
        for (Table table : values()) {
            if (table.label().equals(label.toLowerCase(Locale.ROOT))) {
                return table;
            }
        }
        return null;
    }
}
