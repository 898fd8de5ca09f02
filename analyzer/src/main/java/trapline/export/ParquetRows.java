package trapline.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.cli.ToolVersion;
import trapline.tables.Column;
import trapline.tables.Rows;
import trapline.tables.Table;

/** The rows of one table as a Parquet file. Its footer names the table, the version of the schema, and the tool. */
public final class ParquetRows implements Rows {

    /** Cells of a row group: bounds what is held in memory, whatever the number of columns. */
    private static final int CELLS_OF_GROUP = 1 << 20;

    private final OutputStream out;
    private final List<ParquetColumn> columns = new ArrayList<>();
    private final ParquetFile file;
    private final int rowsOfGroup;
    private int column;
    private int rows;

    /**
     * Begins a file.
     *
     * @param out takes the bytes; closed with this
     * @throws IOException if {@code out} cannot take them
     */
    public ParquetRows(OutputStream out, Table table) throws IOException {
        this.out = out;
        for (Column each : table.columns()) {
            boolean text = each.type() == Column.Type.TEXT;
            ParquetColumn.Type type = text ? ParquetColumn.Type.TEXT : ParquetColumn.Type.SIGNED;
            columns.add(new ParquetColumn(each.name(), type, each.optional()));
        }
        rowsOfGroup = CELLS_OF_GROUP / columns.size();
        file = new ParquetFile(
                out,
                columns,
                Map.of(
                        "trapline.schema", Integer.toString(Table.SCHEMA_VERSION),
                        "trapline.table", table.label(),
                        "trapline.tool", ToolVersion.TOOL));
    }

    @Override
    public void number(long value) {
        columns.get(column++).number(value);
    }

    @Override
    public void text(@Nullable String value) {
        columns.get(column++).textOrNull(value);
    }

    @Override
    public void none() {
        columns.get(column++).none();
    }

    @Override
    public void endRow() {
        if (column != columns.size()) {
            throw new IllegalStateException("a row of " + column + " cells, not " + columns.size());
        }
        column = 0;
        if (++rows == rowsOfGroup) {
            try {
                group();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void group() throws IOException {
        file.group(rows);
        rows = 0;
    }

    /** Writes what is left, and the footer without which the file is none. */
    @Override
    public void close() throws IOException {
        try (out) {
            if (rows > 0) {
                group();
            }
            file.finish();
        }
    }
}
