package trapline.scenario;

import java.util.Map;

/** Writes nodes as YAML in flow style, which is JSON with bare keys: for a scenario that overrides have changed. */
final class NodeWriter {

    private NodeWriter() {}

    /** One top-level key a line. */
    static String write(Node root) {
        StringBuilder out = new StringBuilder();
        root.fields.forEach((key, field) -> {
            quote(out, key).append(": ");
            value(out, field.value());
            out.append('\n');
        });
        return out.toString();
    }

    private static void value(StringBuilder out, Node node) {
        switch (node.kind) {
            case MAP -> {
                String separator = "{";
                for (Map.Entry<String, Node.Field> entry : node.fields.entrySet()) {
                    quote(out.append(separator), entry.getKey()).append(": ");
                    value(out, entry.getValue().value());
                    separator = ", ";
                }
                out.append(node.fields.isEmpty() ? "{}" : "}");
            }
            case LIST -> {
                String separator = "[";
                for (Node item : node.items) {
                    value(out.append(separator), item);
                    separator = ", ";
                }
                out.append(node.items.isEmpty() ? "[]" : "]");
            }
            case TEXT -> quote(out, node.text);
            default -> out.append(node.text);
        }
    }

    private static StringBuilder quote(StringBuilder out, String text) {
        if (text.matches("[A-Za-z_][A-Za-z0-9_-]*") && !text.matches("(?i)y|n|yes|no|on|off|true|false|null")) {
            return out.append(text);
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }
}
