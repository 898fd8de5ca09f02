package trapline.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.text.EventTextTables;

/**
 * Events as an Apache Parquet file: one row for each event, one column for each field name that any kind has, null where
 * the kind lacks it. The columns are those of {@link CsvExport}; addresses, hexadecimal fields and EFLAGS images are
 * unsigned 64-bit numbers, other numbers signed ones, names are strings.
 */
public final class ParquetExport implements EventConsumer, Closeable {

    /** Rows whose columns are held in memory before they are written. */
    private static final int ROWS_OF_GROUP = 1 << 16;

    /** Columns that every kind has; those of the fields come behind them. */
    private static final int COMMON_COLUMNS = 7;

    private final ParquetFile file;
    private final EventTextTables tables;
    private final List<ParquetColumn> columns = new ArrayList<>();
    private final Map<String, Integer> fields = new LinkedHashMap<>();
    private final int[][] columnOfField = new int[EventKind.values().length][];
    private final boolean[] written;
    private int rows;

    /**
     * Begins a file.
     *
     * @param out takes the bytes; the caller closes it
     * @param tables names of the stream
     * @throws IOException if {@code out} cannot take them
     */
    public ParquetExport(OutputStream out, EventTextTables tables) throws IOException {
        this.tables = tables;
        columns.add(new ParquetColumn("ordinal", ParquetColumn.Type.SIGNED, false));
        columns.add(new ParquetColumn("step", ParquetColumn.Type.SIGNED, false));
        columns.add(new ParquetColumn("cpu", ParquetColumn.Type.SIGNED, false));
        columns.add(new ParquetColumn("eip", ParquetColumn.Type.UNSIGNED, false));
        columns.add(new ParquetColumn("symbol", ParquetColumn.Type.TEXT, true));
        columns.add(new ParquetColumn("kind", ParquetColumn.Type.TEXT, false));
        columns.add(new ParquetColumn("text", ParquetColumn.Type.TEXT, true));
        for (EventKind kind : EventKind.values()) {
            columnOfField[kind.code()] =
                    kind.fields().stream().mapToInt(this::columnOf).toArray();
        }
        written = new boolean[columns.size()];
        file = new ParquetFile(out, columns, Map.of());
    }

    /** Fields of one name share a column. */
    private int columnOf(Field field) {
        ParquetColumn.Type type = typeOf(field.type());
        if (columns.stream()
                .limit(COMMON_COLUMNS)
                .anyMatch(common -> common.name().equals(field.name()))) {
            throw new IllegalStateException("'" + field.name() + "' is a column of every event, and a field too");
        }
        int column = fields.computeIfAbsent(field.name(), name -> {
            columns.add(new ParquetColumn(name, type, true));
            return columns.size() - 1;
        });
        if (columns.get(column).type() != type) {
            throw new IllegalStateException("two kinds have a field '" + field.name() + "', of different types");
        }
        return column;
    }

    private static ParquetColumn.Type typeOf(FieldType type) {
        return switch (type) {
            case ADDRESS, HEX, EFLAGS -> ParquetColumn.Type.UNSIGNED;
            case LABEL, OBSERVED -> ParquetColumn.Type.TEXT;
            default -> ParquetColumn.Type.SIGNED;
        };
    }

    @Override
    public void accept(Event e) {
        columns.get(0).number(e.ordinal());
        columns.get(1).number(e.step());
        columns.get(2).number(e.cpu());
        columns.get(3).number(e.ip());
        boolean named = tables.symbols().find(e.ip()) != null;
        columns.get(4).textOrNull(named ? tables.symbols().describe(e.ip()) : null);
        columns.get(5).textOrNull(e.kind().label());
        columns.get(6).textOrNull(e.kind().hasText() ? e.text() : null);
        fields(e);
        if (++rows == ROWS_OF_GROUP) {
            group();
        }
    }

    private void fields(Event e) {
        int[] places = columnOfField[e.kind().code()];
        for (int i = 0; i < places.length; i++) {
            ParquetColumn column = columns.get(places[i]);
            written[places[i]] = true;
            if (column.type() == ParquetColumn.Type.TEXT) {
                column.textOrNull(word(e.kind().fields().get(i), e.value(i)));
            } else {
                column.number(e.value(i));
            }
        }
        for (int i = COMMON_COLUMNS; i < written.length; i++) {
            if (!written[i]) {
                columns.get(i).none();
            }
            written[i] = false;
        }
    }

    private String word(Field field, long value) {
        if (field.type() == FieldType.LABEL) {
            return field.labelOf(value);
        }
        boolean known = value >= 0 && value < tables.observed().size();
        return known ? tables.observed().get((int) value).name() : Long.toString(value);
    }

    private void group() {
        try {
            file.group(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows = 0;
    }

    /** Writes what is left, and the footer without which the file is none. */
    @Override
    public void close() throws IOException {
        if (rows > 0) {
            file.group(rows);
            rows = 0;
        }
        file.finish();
    }
}
