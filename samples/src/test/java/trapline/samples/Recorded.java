package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code record --json} and {@code check --json} print, parsed. */
final class Recorded {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Recorded() {}

    /** Records into a journal of that name; the run must end by itself. */
    static JsonNode record(Executable trapline, String scenario, Path journal, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("record", scenario, "-o", journal.toString(), "--json"));
        words.addAll(List.of(more));
        Executable.Result result = trapline.run(words.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isIn(0, 1);
        assertThat(result.err()).isEmpty();
        return MAPPER.readTree(result.out());
    }

    /** The verdicts of a journal. */
    static JsonNode check(Executable trapline, Path journal) throws Exception {
        return MAPPER.readTree(
                trapline.run("check", "--json", journal.toString()).out());
    }

    static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text);
    }

    /** The row of one check. */
    static JsonNode verdict(JsonNode checked, String check) {
        for (JsonNode row : checked.get("verdicts")) {
            if (row.get("check").asText().equals(check)) {
                return row;
            }
        }
        throw new AssertionError("no verdict of " + check + " in " + checked);
    }
}
