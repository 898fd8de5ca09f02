package trapline.scenario;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.text.Nearest;

/**
 * Takes the keys of a map one by one, with their types, and collects every problem, so that one run shows them all. What
 * was not taken in the end is an unknown key.
 */
final class Fields {

    private final Node map;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();

    /** The keys of a node; one that is not a map is a problem, and an empty map from then on. */
    Fields(Node node, List<String> problems) {
        this.problems = problems;
        if (node.kind == Node.Kind.MAP) {
            map = node;
        } else {
            problems.add(node.where + ": expected a map of keys, found " + node.kind.described);
            map = new Node(Node.Kind.MAP, node.where, "");
        }
    }

    String where() {
        return map.where;
    }

    /** The value of a key whatever its type, or null. */
    @Nullable Node node(String key) {
        known.add(key);
        Node.Field field = map.fields.get(key);
        return field == null ? null : field.value();
    }

    /** Text, or a default. */
    String text(String key, String whenMissing) {
        Node node = node(key);
        return node == null || !is(node, Node.Kind.TEXT, key) ? whenMissing : node.text;
    }

    /** A place in the guest: text or a bare address; empty if the key is missing. */
    String place(String key) {
        Node node = node(key);
        return node != null && node.kind == Node.Kind.INTEGER ? node.text : text(key, "");
    }

    /** Text that must be there; empty if it is not, and a problem. */
    String text(String key) {
        Node node = require(key);
        return node == null || !is(node, Node.Kind.TEXT, key) ? "" : node.text;
    }

    /** A whole number in a range, or a default. */
    long integer(String key, long min, long max, long whenMissing) {
        Node node = node(key);
        return node == null ? whenMissing : integer(node, key, min, max, whenMissing);
    }

    /** A whole number in a range that must be there. */
    long integer(String key, long min, long max) {
        Node node = require(key);
        return node == null ? min : integer(node, key, min, max, min);
    }

    private long integer(Node node, String key, long min, long max, long whenWrong) {
        if (!is(node, Node.Kind.INTEGER, key)) {
            return whenWrong;
        }
        try {
            long value = Long.decode(node.text.replace("_", ""));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Too large for 64 bits: out of range like any other.
        }
        problem(node.where, "'" + key + "' must be between " + min + " and " + max + ", not " + node.text);
        return whenWrong;
    }

    /** The keys of a map below this one, or null. */
    @Nullable Fields map(String key) {
        Node node = node(key);
        return node == null ? null : new Fields(node, problems);
    }

    /** The items of a list; none if the key is missing. */
    List<Node> list(String key) {
        Node node = node(key);
        return node == null || !is(node, Node.Kind.LIST, key) ? List.of() : node.items;
    }

    private @Nullable Node require(String key) {
        Node node = node(key);
        if (node == null) {
            problem(map.where, "key '" + key + "' is missing");
        }
        return node;
    }

    private boolean is(Node node, Node.Kind kind, String key) {
        if (node.kind != kind) {
            problem(node.where, "'" + key + "' must be " + kind.described + ", not " + node.kind.described);
        }
        return node.kind == kind;
    }

    void problem(String where, String what) {
        problems.add(where + ": " + what);
    }

    /** Reports the keys that nobody asked for. */
    void end() {
        map.fields.forEach((key, field) -> {
            if (!known.contains(key)) {
                problem(field.where(), "unknown key '" + key + "'" + suggestion(key));
            }
        });
    }

    private String suggestion(String key) {
        String hint = Nearest.hint(key, known);
        return hint.isEmpty() ? "; known: " + String.join(", ", known) : hint;
    }
}
