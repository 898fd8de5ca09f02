package trapline.analyze;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

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
            return WRITER.writeValueAsString(versioned);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static void print(PrintStream out, int schemaVersion, Object document) {
        out.print(text(schemaVersion, document));
        out.print('\n');
    }
}
