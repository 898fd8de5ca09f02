package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.Verdict;

/** The golden traces of the kprobes facts, as the flow of 2.6.24 makes them. */
class GoldenTracesTest {

    private static Map<String, Verdict> failures(String trace) throws IOException {
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (CheckResult result : Traces.judge(Traces.load(trace))) {
            if (result.verdict() == Verdict.FAIL || result.verdict() == Verdict.UNKNOWN) {
                verdicts.put(result.info().id(), result.verdict());
            }
        }
        return verdicts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden.t1", "golden.t2", "golden.t4", "golden.t5"})
    void correctRunsAreClean(String trace) throws IOException {
        assertThat(failures(trace)).isEmpty();
    }

    @Test
    void aPlainHitExercisesWhatItShould() throws IOException {
        for (String check : List.of("TF-RESTORED", "IF-RESTORED", "STATUS-AUTOMATON", "CURRENT-BALANCED")) {
            assertThat(Traces.result("golden.t1", check).verdict()).as(check).isEqualTo(Verdict.PASS);
        }
        assertThat(Traces.result("golden.t1", "NO-NESTED-REENTER").verdict()).isEqualTo(Verdict.NOT_EXERCISED);
        assertThat(Traces.result("golden.t4", "NO-NESTED-REENTER").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aProbeOnAnInt3LeavesItselfCurrentAndPreemptionOff() throws IOException {
        assertThat(failures("golden.t8")).containsOnlyKeys("CURRENT-BALANCED", "PREEMPT-BALANCED");
        Finding finding =
                Traces.result("golden.t8", "CURRENT-BALANCED").findings().get(0);
        assertThat(finding.probe()).isEqualTo("p1");
        assertThat(finding.sentence()).contains("p1 stays current after its hit at probed+0x10");
        assertThat(finding.slice()).hasSizeBetween(4, 6);
    }

    @Test
    void aFaultInTheSlotLeavesTheStepToTheTask() throws IOException {
        assertThat(failures("golden.t6"))
                .containsOnlyKeys("TF-RESTORED", "FAULT-CANCEL", "DEBUG-STATE", "LEFT-AS-FOUND");
    }

    @Test
    void aSecondReentryLosesTheFirstProbe() throws IOException {
        assertThat(failures("golden.t9"))
                .containsKeys("NO-NESTED-REENTER", "PREV-LIFO", "BOUNDED-NESTING", "CURRENT-BALANCED")
                .doesNotContainKeys("PREEMPT-BALANCED", "TF-RESTORED");
    }

    @Test
    void thePostedPatchDeclinesAHitWhileStepping() throws IOException {
        assertThat(failures("golden.d7-patch")).containsOnlyKeys("INT3-OWNERSHIP", "ALIVE");
    }
}
