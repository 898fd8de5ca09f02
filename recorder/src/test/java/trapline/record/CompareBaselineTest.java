package trapline.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;

/** A matrix measured by one of its columns: only what that does not have is a finding. */
class CompareBaselineTest {

    private static final String FLOWS = "linux-2.6.24,patch-2008-01-01";

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    @Test
    void cellsThatDifferAreMarkedAndJournalsAreKeptToBeCompared() {
        String out = folder.resolve("kept").toString();
        assertThat(trapline.run(
                        "compare",
                        "nmi-during-step",
                        "plain-probe",
                        "--flows",
                        FLOWS,
                        "--baseline",
                        "linux-2.6.24",
                        "-o",
                        out))
                .isEqualTo(ExitCode.FINDING);
        assertThat(trapline.out())
                .containsPattern("nmi-during-step +pass +fail die \\*")
                .doesNotContainPattern("plain-probe.*\\*");
        String next = "next: trapline diff ";
        String line = trapline.out()
                .lines()
                .filter(l -> l.startsWith(next))
                .findFirst()
                .orElseThrow();
        String[] journals = line.substring(next.length()).split(" ", -1);
        assertThat(trapline.run("diff", journals[0], journals[1])).isEqualTo(ExitCode.FINDING);
        assertThat(trapline.run("compare", "plain-probe", "--flows", FLOWS, "-o", out))
                .isEqualTo(ExitCode.USAGE);
        assertThat(trapline.err()).contains("is not empty");
    }

    @Test
    void onlyChangedRowsAreShown() throws Exception {
        assertThat(trapline.run("compare", "nmi-during-step", "plain-probe", "--flows", FLOWS, "--changed", "--json"))
                .isEqualTo(ExitCode.FINDING);
        JsonNode document = new ObjectMapper().readTree(trapline.out());
        assertThat(document.get("baseline").asText()).isEqualTo("linux-2.6.24");
        assertThat(document.get("changed")).hasSize(1);
        assertThat(document.get("scenarios").get(0).asText()).isEqualTo("nmi-during-step");
        assertThat(document.get("cells")).hasSize(2);
    }

    /** What the baseline fails too is no finding; without one it is. */
    @Test
    void whatTheBaselineFailsTooIsNoFinding() {
        String[] compare = {"compare", "fault-in-step", "--flows", "linux-2.6.24,review-a"};
        assertThat(trapline.run(compare)).isEqualTo(ExitCode.FINDING);
        assertThat(trapline.run(
                        "compare", "fault-in-step", "--flows", "review-a", "--baseline", "linux-2.6.24", "--changed"))
                .isEqualTo(ExitCode.CLEAN);
        assertThat(trapline.out()).contains("no scenario differs from linux-2.6.24");
    }
}
