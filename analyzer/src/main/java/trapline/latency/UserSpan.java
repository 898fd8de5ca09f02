package trapline.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.events.EventKind;

/**
 * A span that a user declares: from an event to the next of another pattern on the same CPU.
 *
 * <pre>
 * spans:
 *   - name: lookup-to-step
 *     description: from the lookup to the status SS
 *     from: {kind: call_entry, function: get_kprobe}
 *     to:   {kind: kprobe_status, new: SS, at: prepare_singlestep}
 * </pre>
 *
 * @param name as in tables
 * @param description what it is, in a few words
 * @param from the events that begin it; one while it is open interrupts it
 * @param to the events that end it
 */
public record UserSpan(String name, String description, EventPattern from, EventPattern to) {

    /**
     * Reads a file of spans.
     *
     * @param yaml its text
     * @throws IllegalArgumentException one line: what is wrong, and in which span
     */
    public static List<UserSpan> parse(String yaml) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "line " + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
        JsonNode list = root.path("spans");
        if (!list.isArray() || list.isEmpty()) {
            throw new IllegalArgumentException("there is no list 'spans'");
        }
        List<UserSpan> spans = new ArrayList<>();
        for (JsonNode node : list) {
            String name = node.path("name").asText("");
            if (!name.matches("[A-Za-z][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("span " + (spans.size() + 1) + ": '" + name
                        + "' is no name of letters, digits, dots and dashes");
            }
            spans.add(new UserSpan(
                    name,
                    node.path("description").asText(name),
                    pattern(node.path("from"), name + ": from"),
                    pattern(node.path("to"), name + ": to")));
        }
        return spans;
    }

    private static EventPattern pattern(JsonNode node, String where) {
        EventKind kind = EventKind.ofLabel(node.path("kind").asText(""));
        if (kind == null) {
            throw new IllegalArgumentException(where + ": '" + node.path("kind").asText("") + "' is no kind of event");
        }
        Map<String, String> wanted = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (!entry.getKey().equals("kind")) {
                wanted.put(entry.getKey(), entry.getValue().asText());
            }
        });
        try {
            return new EventPattern(kind, wanted);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }
}
