package trapline.export;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import trapline.tables.JsonRows;
import trapline.tables.Rows;
import trapline.tables.Table;

/**
 * One part of a data set: for each table a file of the same number.
 *
 * <pre>
 * DIR/hits/part-00000.parquet   DIR/hits/part-00001.parquet   ...
 * DIR/runs/part-00000.parquet   DIR/runs/part-00001.parquet   ...
 * </pre>
 */
public final class DataSet implements Closeable {

    /** Forms of the files. */
    public enum Form {
        /** Apache Parquet. */
        PARQUET("parquet"),
        /** One JSON object a line. */
        JSONL("jsonl");

        private final String ending;

        Form(String ending) {
            this.ending = ending;
        }

        /** Ending of the file's names, without the dot. */
        public String ending() {
            return ending;
        }
    }

    /** Makes the files. */
    @FunctionalInterface
    public interface Store {
        /**
         * Creates a file.
         *
         * @param name such as {@code hits/part-00000.parquet}
         */
        OutputStream create(String name) throws IOException;
    }

    private final Map<Table, Rows> rows = new EnumMap<>(Table.class);

    /**
     * Begins a part.
     *
     * @param store takes the files
     * @param part its number, from 0
     * @param wanted tables of the data set
     * @throws IOException if a file cannot be made
     */
    public DataSet(Store store, Form form, int part, Set<Table> wanted) throws IOException {
        try {
            for (Table table : wanted) {
                OutputStream out = new BufferedOutputStream(store.create(name(table, form, part)), 1 << 16);
                rows.put(table, form == Form.PARQUET ? new ParquetRows(out, table) : new JsonRows(out, table));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Name of a file. */
    public static String name(Table table, Form form, int part) {
        return String.format("%s/part-%05d.%s", table.label(), part, form.ending());
    }

    /** Who takes the rows of each table. */
    public Map<Table, Rows> rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Rows each : rows.values()) {
            try {
                each.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
