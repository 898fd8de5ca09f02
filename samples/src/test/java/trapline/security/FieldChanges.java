package trapline.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** A document with one of its values changed at a time: nothing, of another type, out of every range, huge, or not there. */
final class FieldChanges {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int ITEMS_MAX = 2;

    private FieldChanges() {}

    /**
     * One change.
     *
     * @param what the place and the new value
     */
    record Changed(String what, String json) {}

    /** Every change of every value; of a list's items the first two stand for all. */
    static List<Changed> of(JsonNode document) {
        List<Changed> changes = new ArrayList<>();
        visit(document, document, "", changes);
        return changes;
    }

    private static void visit(JsonNode root, JsonNode at, String path, List<Changed> changes) {
        if (at instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode was = object.get(name);
                visit(root, was, path + "/" + name, changes);
                replace(root, value -> object.set(name, value), was, path + "/" + name, changes);
                object.remove(name);
                changes.add(new Changed(path + "/" + name + " is not there", root.toString()));
                object.set(name, was);
            }
        } else if (at instanceof ArrayNode list) {
            for (int i = 0; i < Math.min(ITEMS_MAX, list.size()); i++) {
                int index = i;
                JsonNode was = list.get(i);
                visit(root, was, path + "/" + i, changes);
                replace(root, value -> list.set(index, value), was, path + "/" + i, changes);
            }
        }
    }

    private static void replace(
            JsonNode root, Consumer<JsonNode> place, JsonNode was, String path, List<Changed> changes) {
        for (Iterator<JsonNode> values = values().iterator(); values.hasNext(); ) {
            JsonNode value = values.next();
            place.accept(value);
            String shown = value.toString();
            changes.add(new Changed(path + " is " + shown.substring(0, Math.min(30, shown.length())), root.toString()));
        }
        place.accept(was);
    }

    private static List<JsonNode> values() {
        return List.of(
                NODES.nullNode(),
                NODES.booleanNode(true),
                NODES.numberNode(-1),
                NODES.numberNode(0),
                NODES.numberNode(Integer.MAX_VALUE),
                NODES.numberNode(Long.MIN_VALUE),
                NODES.numberNode(BigInteger.TEN.pow(30)),
                NODES.numberNode(1.5e300),
                NODES.textNode(""),
                NODES.textNode("x\u001b[31m\u202e\n/../../x"),
                NODES.textNode("y".repeat(70_000)),
                NODES.arrayNode(),
                NODES.arrayNode().add(NODES.nullNode()),
                NODES.objectNode(),
                NODES.objectNode().set("", NODES.nullNode()));
    }
}
