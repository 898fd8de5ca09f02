package trapline.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.tables.Column;
import trapline.tables.JournalTables;
import trapline.tables.Rows;
import trapline.tables.Table;

/** A database in memory with the tables of {@link Table}; those that nobody asks for stay empty. */
final class Database implements AutoCloseable {

    private final Connection connection;
    private final Set<Table> wanted;

    Database(Set<Table> wanted) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        this.wanted = wanted;
        execute("SET autoinstall_known_extensions=false");
        execute("SET autoload_known_extensions=false");
        for (Table table : Table.values()) {
            execute(table.columns().stream()
                    .map(Database::definition)
                    .collect(Collectors.joining(", ", "CREATE TABLE " + table.label() + " (", ")")));
        }
    }

    private static String definition(Column column) {
        return column.name() + (column.type() == Column.Type.NUMBER ? " BIGINT" : " VARCHAR");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Whether a folder is a data set, and not a tree of journals. */
    static boolean isDataSet(Path path) {
        return Files.isDirectory(path.resolve(Table.RUNS.label()))
                && !path.toString().endsWith(".journal");
    }

    /**
     * Loads journals and bundles.
     *
     * @param unreadable told of each that cannot be read, in a line
     * @return number of those that could be read, and lack events
     */
    long load(List<Path> journals, Consumer<String> unreadable) throws IOException, SQLException {
        Map<Table, Rows> rows = new EnumMap<>(Table.class);
        DuckDBConnection duck = connection.unwrap(DuckDBConnection.class);
        for (Table table : wanted) {
            rows.put(table, new AppenderRows(duck.createAppender("main", table.label())));
        }
        JournalTables tables = new JournalTables(Checks::all, rows);
        for (Path journal : journals) {
            var verdicts = tables.write(journal);
            if (verdicts != null && !verdicts.error().isEmpty()) {
                unreadable.accept(verdicts.error());
            }
        }
        for (Rows each : rows.values()) {
            each.close();
        }
        return tables.lacking();
    }

    /** Loads a data set. */
    void load(Path set) throws SQLException {
        if (Files.exists(set.resolve("_loads")) && !Files.exists(set.resolve("_SUCCESS"))) {
            throw new UserError(
                    ExitCode.UNREADABLE, set + ": is not complete (no _SUCCESS in it); 'check --resume' goes on");
        }
        for (Table table : wanted) {
            Path folder = set.resolve(table.label());
            if (!Files.isDirectory(folder)) {
                throw new UserError(
                        ExitCode.UNREADABLE, set + ": has no table '" + table.label() + "'; write one with all tables");
            }
            String files = "'" + folder.toString().replace("'", "''") + "/*.parquet'";
            requireVersion(set, files);
            execute("INSERT INTO " + table.label() + " BY NAME SELECT * FROM read_parquet(" + files + ")");
        }
    }

    private void requireVersion(Path set, String files) throws SQLException {
        String sql = "SELECT max(CAST(decode(value) AS BIGINT)) FROM parquet_kv_metadata(" + files
                + ") WHERE decode(key) = 'trapline.schema'";
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            long version = result.next() ? result.getLong(1) : 0;
            if (version > Table.SCHEMA_VERSION) {
                throw new UserError(
                        ExitCode.UNREADABLE,
                        set + ": has schema " + version + ", newer than the " + Table.SCHEMA_VERSION
                                + " that this version reads; use a newer Trapline");
            }
        }
    }

    /** From now on nothing but the tables can be reached. */
    void shut() throws SQLException {
        execute("SET enable_external_access=false");
        execute("SET lock_configuration=true");
    }

    Statement statement() throws SQLException {
        return connection.createStatement();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
