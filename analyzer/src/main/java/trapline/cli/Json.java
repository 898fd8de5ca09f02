package trapline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import trapline.events.Visible;

/** JSON output: camelCase keys as the records name them, two spaces, {@code \n} on every system. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private Json() {}

    /** The text of {@code document}, a record or a map, with {@code schemaVersion} as its first key. */
    public static String text(int schemaVersion, Object document) {
        ObjectNode versioned = MAPPER.createObjectNode().put("schemaVersion", schemaVersion);
        JsonNode body = MAPPER.valueToTree(document);
        versioned.setAll((ObjectNode) body);
        try {
            return Visible.text(WRITER.writeValueAsString(versioned));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of a list of records, each with {@code schemaVersion} as its first key. */
    public static String list(int schemaVersion, Iterable<?> rows) {
        ArrayNode list = MAPPER.createArrayNode();
        for (Object row : rows) {
            ObjectNode versioned = MAPPER.createObjectNode().put("schemaVersion", schemaVersion);
            versioned.setAll((ObjectNode) MAPPER.<JsonNode>valueToTree(row));
            list.add(versioned);
        }
        try {
            return Visible.text(WRITER.writeValueAsString(list));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record that carries its own {@code schemaVersion}. */
    public static String pretty(Object document) {
        try {
            return Visible.text(WRITER.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record in one line, for output of one document per line. */
    public static String line(Object row) {
        try {
            return Visible.line(MAPPER.writeValueAsString(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static void print(PrintStream out, int schemaVersion, Object document) {
        out.print(text(schemaVersion, document));
        out.print('\n');
    }
}
