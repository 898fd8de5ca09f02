package trapline.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import trapline.verdicts.Groups;
import trapline.verdicts.Tally;

/**
 * What became of a load; as JSON in {@code OUT/_loads}.
 *
 * @param key what was judged by what: another key is another load
 * @param journals number of its journals
 * @param tally what became of them
 * @param failures signatures that they show, in their order
 * @param messages a line for each journal with which something is wrong
 */
record LoadOutcome(String key, int journals, Tally tally, List<Groups.Failure> failures, List<String> messages) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static LoadOutcome parse(String json) throws IOException {
        return MAPPER.readValue(json, LoadOutcome.class);
    }

    String json() throws IOException {
        return MAPPER.writeValueAsString(this);
    }
}
