package trapline.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import trapline.tables.Rows;

/** Rows into a table of DuckDB. */
final class AppenderRows implements Rows {

    private final DuckDBAppender appender;
    private boolean begun;

    AppenderRows(DuckDBAppender appender) {
        this.appender = appender;
    }

    /** What the rows do with the appender. */
    @FunctionalInterface
    private interface Step {
        void take() throws SQLException;
    }

    private static void step(Step step) {
        try {
            step.take();
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException("the database: " + e.getMessage(), e));
        }
    }

    private void begin() throws SQLException {
        if (!begun) {
            appender.beginRow();
            begun = true;
        }
    }

    @Override
    public void number(long value) {
        step(() -> {
            begin();
            appender.append(value);
        });
    }

    @Override
    public void text(@Nullable String value) {
        if (value == null) {
            none();
            return;
        }
        step(() -> {
            begin();
            appender.append(value);
        });
    }

    @Override
    public void none() {
        step(() -> {
            begin();
            appender.appendNull();
        });
    }

    @Override
    public void endRow() {
        step(appender::endRow);
        begun = false;
    }

    @Override
    public void close() {
        step(appender::close);
    }
}
