package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The matrix of scenarios and flows. */
class CompareTest {

    @TempDir
    Path folder;

    @Test
    void oneScenarioUnderThreeFlows() throws Exception {
        Executable.Result result = Executable.trapline(folder)
                .run("compare", "d7", "plain-probe", "--flows", "linux-2.6.24,patch-2008-01-01,linux-2.6.33");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .containsPattern("scenario +linux-2.6.24 +patch-2008-01-01 +linux-2.6.33")
                .containsPattern("d7 +pass +fail die +fail bug")
                .containsPattern("plain-probe +pass +pass +pass")
                .contains("d7 under patch-2008-01-01 fails ");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void theMatrixAsJson() throws Exception {
        Executable.Result result =
                Executable.trapline(folder).run("compare", "d7", "--flows", "linux-2.6.24,linux-2.6.33", "--json");
        JsonNode matrix = Recorded.json(result.out());
        assertThat(matrix.get("schemaVersion").asInt()).isEqualTo(1);
        assertThat(matrix.get("cells")).hasSize(2);
        JsonNode bug = matrix.get("cells").get(1);
        assertThat(bug.get("scenario").asText()).isEqualTo("d7");
        assertThat(bug.get("flow").asText()).isEqualTo("linux-2.6.33");
        assertThat(bug.get("outcome").asText()).isEqualTo("bug");
        assertThat(bug.get("bugs").asInt()).isEqualTo(1);
        assertThat(bug.get("checks").get("CURRENT-BALANCED").asText()).isEqualTo("FAIL");
    }

    @Test
    void aFlowThatIsNotThereIsAUsageError() throws Exception {
        Executable.Result result = Executable.trapline(folder).run("compare", "d7", "--flows", "linux-9");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("trapline: --flows linux-9: no flow 'linux-9' in the catalogue\n");
    }
}
