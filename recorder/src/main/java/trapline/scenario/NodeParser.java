package trapline.scenario;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns YAML text into nodes. Anchors, tags and several documents have no use here and are refused or ignored. */
final class NodeParser {

    private static final int NESTING_MAX = 16;
    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(NESTING_MAX).build())
            .build();

    private final String file;
    private final YAMLParser parser;

    private NodeParser(String file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /**
     * Parses one document.
     *
     * @param file name in messages
     * @param text YAML
     */
    static Node parse(String file, String text) throws ScenarioException {
        try (YAMLParser parser = FACTORY.createParser(text)) {
            NodeParser nodes = new NodeParser(file, parser);
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new ScenarioException(List.of(file + ":1:1: empty; a scenario needs at least flow and workload"));
            }
            Node root = nodes.node(first);
            if (parser.nextToken() != null) {
                throw nodes.fail(nodes.where(), "a second document; one scenario per file");
            }
            return root;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? file : file + ":" + at.getLineNr() + ":" + at.getColumnNr();
            // SnakeYAML says what it was doing, what is wrong, and quotes the text, indented, after each.
            String reason = String.valueOf(e.getOriginalMessage())
                    .lines()
                    .filter(line -> !line.startsWith(" "))
                    .collect(Collectors.joining(": "));
            throw new ScenarioException(List.of(where + ": not valid YAML: " + reason));
        } catch (IOException e) {
            throw new ScenarioException(List.of(file + ": " + e.getMessage()));
        }
    }

    private Node node(JsonToken token) throws IOException, ScenarioException {
        String where = where();
        if (parser.isCurrentAlias()) {
            throw fail(where, "'*" + parser.getText() + "' stands for another value; write the value itself");
        }
        return switch (token) {
            case START_OBJECT -> map(where);
            case START_ARRAY -> list(where);
            case VALUE_STRING -> new Node(Node.Kind.TEXT, where, parser.getText());
            case VALUE_NUMBER_INT -> new Node(Node.Kind.INTEGER, where, parser.getText());
            default -> new Node(Node.Kind.OTHER, where, String.valueOf(parser.getText()));
        };
    }

    private Node map(String where) throws IOException, ScenarioException {
        Node map = new Node(Node.Kind.MAP, where, "");
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            String key = parser.currentName();
            String keyWhere = where();
            Node.@Nullable Field earlier = map.fields.get(key);
            if (earlier != null) {
                throw fail(keyWhere, "key '" + key + "' again, it stands at " + earlier.where() + " already");
            }
            map.fields.put(key, new Node.Field(keyWhere, node(next())));
        }
        return map;
    }

    private Node list(String where) throws IOException, ScenarioException {
        Node list = new Node(Node.Kind.LIST, where, "");
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            list.items.add(node(token));
        }
        return list;
    }

    private JsonToken next() throws IOException, ScenarioException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw fail(where(), "the text ends in the middle of a value");
        }
        return token;
    }

    private String where() {
        JsonLocation at = parser.currentTokenLocation();
        return file + ":" + at.getLineNr() + ":" + at.getColumnNr();
    }

    private ScenarioException fail(String where, String what) {
        return new ScenarioException(List.of(where + ": " + what));
    }
}
