package trapline.verdicts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;

/** One JSON document for each journal, one line each, and nothing else. */
public final class NdjsonWriter implements VerdictWriter {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PrintStream out;

    /** Writes to a stream. */
    public NdjsonWriter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void journal(JournalVerdicts verdicts) {
        out.print(line(verdicts) + "\n");
    }

    static String line(JournalVerdicts verdicts) {
        try {
            return MAPPER.writeValueAsString(VerdictJson.of(verdicts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
