package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.diff.RunDiff;
import trapline.journal.Journal;

/** The mail's question: in which rows of the differential table do the old handler and the posted one part? */
class MailFlowsTest {

    private static final List<String> ROWS = List.of(
            "d1", "d2", "d3", "d4", "d4r", "d5", "d6", "d7", "d7b", "d8", "d8b", "d9", "d10", "d11", "d11n", "d12",
            "d13", "d14", "d15");

    @TempDir
    private Path directory;

    private final CapturedTrapline trapline = new CapturedTrapline();

    private Path record(String scenario, String flow) {
        Path path = directory.resolve(scenario + "-" + flow + ".journal");
        trapline.run("record", scenario, "--flow", flow, "-o", path.toString());
        return path;
    }

    private boolean differs(String row, String flow) throws IOException {
        try (Journal a = Journal.open(record(row, "linux-2.6.24"));
                Journal b = Journal.open(record(row, flow))) {
            return !RunDiff.of(a, b, Set.of()).equal();
        }
    }

    private List<String> differingRows(String flow) throws IOException {
        List<String> rows = new ArrayList<>();
        for (String row : ROWS) {
            if (differs(row, flow)) {
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void thePostedPatchDiffersInNineRows() throws IOException {
        assertThat(differingRows("patch-2008-01-01"))
                .containsExactly("d2", "d4r", "d6", "d7", "d7b", "d9", "d11", "d11n", "d15");
    }

    /** Review point 3 alone gives the two rows of a hit while stepping back. */
    @Test
    void theAmendedPatchDiffersInSevenRows() throws IOException {
        assertThat(differingRows("review-a")).containsExactly("d2", "d4r", "d6", "d9", "d11", "d11n", "d15");
    }

    /** What comes behind the decision, in code that both call on their way to die, decides nothing. */
    @Test
    void aSideIsExplainedByTheHandlersOwnBranch() throws IOException {
        for (String row : List.of("d6", "d7", "d7b", "d9")) {
            try (Journal a = Journal.open(record(row, "linux-2.6.24"));
                    Journal b = Journal.open(record(row, "patch-2008-01-01"))) {
                RunDiff diff = RunDiff.of(a, b, Set.of());
                assertThat(Objects.requireNonNull(diff.explanationA()).branch())
                        .as("%s, old", row)
                        .startsWith("flags made at kprobe_handler+");
                assertThat(Objects.requireNonNull(diff.explanationB()).branch())
                        .as("%s, posted", row)
                        .startsWith("flags made at kprobe_handler+");
            }
        }
    }
}
