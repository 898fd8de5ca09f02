package trapline.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML value that knows where it stands.
 *
 * <pre>
 *   MAP   fields: key ─► (where the key stands, value)
 *   LIST  items
 *   other text as written
 * </pre>
 */
final class Node {

    /** What a value is. */
    enum Kind {
        MAP("a map of keys"),
        LIST("a list"),
        TEXT("text"),
        INTEGER("a whole number"),
        OTHER("a value of another type");

        final String described;

        Kind(String described) {
            this.described = described;
        }
    }

    /**
     * A key of a map and its value.
     *
     * @param where place of the key
     * @param value its value
     */
    record Field(String where, Node value) {}

    final Kind kind;
    /** {@code file:line:column}, or the option on the command line that gave it. */
    final String where;

    final String text;
    final Map<String, Field> fields = new LinkedHashMap<>();
    final List<Node> items = new ArrayList<>();

    Node(Kind kind, String where, String text) {
        this.kind = kind;
        this.where = where;
        this.text = text;
    }

    /** A scalar given as bare text: on a command line nobody quotes numbers. */
    static Node scalar(String where, String text) {
        return new Node(text.matches("[+-]?(0[xX][0-9a-fA-F]+|\\d+)") ? Kind.INTEGER : Kind.TEXT, where, text);
    }
}
