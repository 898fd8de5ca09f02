package trapline.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as JSON lines: an object for each, the columns in their order; a cell without a value is left out. */
public final class JsonRows implements Rows {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;
    private final List<Column> columns;
    private int column;

    /**
     * Begins a file.
     *
     * @param out takes the lines; closed with this
     * @throws IOException if {@code out} cannot take them
     */
    public JsonRows(OutputStream out, Table table) throws IOException {
        json = FACTORY.createGenerator(out).setRootValueSeparator(null);
        columns = table.columns();
    }

    /** What the rows do with a generator. */
    @FunctionalInterface
    private interface Step {
        void take(JsonGenerator json) throws IOException;
    }

    private void step(Step step) {
        try {
            step.take(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name() {
        if (column == 0) {
            step(JsonGenerator::writeStartObject);
        }
        return columns.get(column++).name();
    }

    @Override
    public void number(long value) {
        String name = name();
        step(out -> out.writeNumberField(name, value));
    }

    @Override
    public void text(@Nullable String value) {
        String name = name();
        if (value != null) {
            step(out -> out.writeStringField(name, value));
        }
    }

    @Override
    public void none() {
        name();
    }

    @Override
    public void endRow() {
        step(out -> {
            out.writeEndObject();
            out.writeRaw('\n');
        });
        column = 0;
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
