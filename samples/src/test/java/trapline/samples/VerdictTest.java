package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the checks say about the first three scenarios. */
class VerdictTest {

    @TempDir
    Path folder;

    private JsonNode check(String scenario, String... more) throws Exception {
        Executable trapline = Executable.trapline(folder);
        Path journal = folder.resolve(scenario + ".journal");
        Recorded.record(trapline, scenario, journal, more);
        return Recorded.check(trapline, journal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain-probe", "reenter-in-pre-handler"})
    void soundRunsPassOrSayThatNothingWasExercised(String scenario) throws Exception {
        JsonNode checked = check(scenario);
        assertThat(checked.get("verdicts"))
                .allSatisfy(row -> assertThat(row.get("verdict").asText())
                        .as(row.toString())
                        .isIn("PASS", "NOT_EXERCISED"));
        for (String id : new String[] {"TF-RESTORED", "IF-RESTORED", "STATUS-AUTOMATON", "CURRENT-BALANCED"}) {
            assertThat(Recorded.verdict(checked, id).get("verdict").asText())
                    .as(id)
                    .isEqualTo("PASS");
        }
    }

    @Test
    void theLeakOfAProbedInt3IsFoundAndExplained() throws Exception {
        JsonNode checked = check("probe-on-int3");
        for (String id : new String[] {"CURRENT-BALANCED", "PREEMPT-BALANCED"}) {
            JsonNode row = Recorded.verdict(checked, id);
            assertThat(row.get("verdict").asText()).as(id).isEqualTo("FAIL");
            JsonNode finding = row.get("findings").get(0);
            assertThat(finding.get("probe").asText()).isEqualTo("p1");
            assertThat(finding.get("place").asText()).matches("\\w+\\+0x[0-9a-f]+");
            assertThat(finding.get("event").get("text").asText()).isNotEmpty();
            assertThat(finding.get("slice").size()).isBetween(2, 12);
        }
    }

    @Test
    void theFlowWithTheEndOfTheProbePutBackPasses() throws Exception {
        JsonNode checked = check("probe-on-int3", "--flow", "bug-07-fixed");
        for (String id : new String[] {"CURRENT-BALANCED", "PREEMPT-BALANCED"}) {
            assertThat(Recorded.verdict(checked, id).get("verdict").asText())
                    .as(id)
                    .isEqualTo("PASS");
        }
    }

    @Test
    void recordingWithCheckEndsAsCheckDoes() throws Exception {
        Executable trapline = Executable.trapline(folder);
        assertThat(trapline.run("record", "plain-probe", "--check").exitCode()).isZero();
        Executable.Result failing = trapline.run("record", "probe-on-int3", "--check");
        assertThat(failing.exitCode()).isEqualTo(1);
        assertThat(failing.out()).containsPattern("FAIL +CURRENT-BALANCED");
    }

    @Test
    void theTourShowsAllThreeAndSaysWhereTheyAre() throws Exception {
        Executable trapline = Executable.trapline(folder);
        for (String[] words : new String[][] {{"tour"}, {"tour", "--force"}}) {
            Executable.Result tour = trapline.run(words);
            assertThat(tour.exitCode()).as(tour.err()).isZero();
            assertThat(tour.err()).isEmpty();
            assertThat(tour.out())
                    .containsPattern("FAIL +CURRENT-BALANCED")
                    .contains("hit-stepped", "trapline-tour", "trapline compare");
        }
        assertThat(folder.resolve("trapline-tour/plain-probe.journal")).isDirectory();
        // What a tour has left is not overwritten unasked.
        assertThat(trapline.run("tour").exitCode()).isEqualTo(2);
    }
}
