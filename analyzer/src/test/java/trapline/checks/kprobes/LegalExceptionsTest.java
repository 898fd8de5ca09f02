package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** What looks like a violation and is none, beside what is one. */
class LegalExceptionsTest {

    private static Verdict verdict(EventTextFile trace, String check) throws IOException {
        return Traces.result(trace, check).verdict();
    }

    /** A lookup that finds nothing although an int3 is there: wrong only if it was there all the time. */
    @Test
    void aProbeThatIsArmedDuringTheLookupIsNotInAWrongOrder() throws IOException {
        String lookup = "ret     get_kprobe =0";
        String trace = "ARM-ORDER.fail";
        assertThat(verdict(Traces.load(trace), "ARM-ORDER")).isEqualTo(Verdict.FAIL);
        assertThat(Traces.result(trace, "ARM-ORDER").findings().get(0).causes())
                .extracting(Finding.Cause::role)
                .containsExactly("the int3 is written into the text", "the hit");
        String beside = "write   104010+1 cc>55\n    162  0 101890 write   104010+1 55>cc\n    163  0 101870 ";
        EventTextFile raced = Traces.edited(trace, lookup, beside + lookup);
        assertThat(verdict(raced, "ARM-ORDER")).isEqualTo(Verdict.PASS);
        EventTextFile wide =
                Traces.edited(trace, lookup, "write   10400d+4 cc000000>cc000000\n    163  0 101870 " + lookup);
        assertThat(verdict(wide, "ARM-ORDER")).isEqualTo(Verdict.PASS);
        EventTextFile elsewhere = Traces.edited(trace, lookup, "write   10400c+4 0>0\n    163  0 101870 " + lookup);
        assertThat(verdict(elsewhere, "ARM-ORDER")).isEqualTo(Verdict.FAIL);
        EventTextFile disarmed = Traces.edited(trace, lookup, "write   104010+1 cc>55\n    163  0 101870 " + lookup);
        assertThat(verdict(disarmed, "ARM-ORDER")).isEqualTo(Verdict.PASS);
    }

    @Test
    void aFindingAboutAnInt3NamesTheByteTheLookupAndTheHitAround() throws IOException {
        assertThat(Traces.result("run.defect-replaced-probe", "INT3-OWNERSHIP").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.causes())
                        .extracting(Finding.Cause::role)
                        .containsExactly("the int3", "the last write to the byte", "what the lookup found"));
        assertThat(verdict(Traces.load("run.defect-replaced-probe"), "ARM-ORDER"))
                .isNotEqualTo(Verdict.FAIL);
        Finding declined =
                Traces.result("golden.d7-patch", "INT3-OWNERSHIP").findings().get(0);
        assertThat(declined.causes())
                .extracting(Finding.Cause::role)
                .contains("p1 is in the middle of its own hit since here", "the int3", "what the lookup found");
        assertThat(declined.sentence()).endsWith("ends in die()");
    }

    @Test
    void aBugInTheHandlerIsAHitThatIsNotTaken() throws IOException {
        Finding finding = Traces.result("run.d7-linux-2.6.33", "INT3-OWNERSHIP")
                .findings()
                .get(0);
        assertThat(finding.sentence())
                .startsWith("the handler gives up on a hit of a registered probe")
                .endsWith("ends in BUG()");
    }

    /** The debugger, called behind kprobes, sets TF for a step of its own and goes back to its int3. */
    @Test
    void whatADebuggerWritesIsNotKprobes() throws IOException {
        EventTextFile debugger = Traces.load("run.defect-unowned-debug");
        assertThat(verdict(debugger, "TF-RESTORED")).isEqualTo(Verdict.PASS);
        assertThat(verdict(debugger, "VANISHED-UNTOUCHED")).isNotEqualTo(Verdict.FAIL);
        assertThat(verdict(Traces.load("run.d8b"), "IF-RESTORED"))
                .as("kprobes writes before it declines")
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void aStringInstructionOverASlotIsOneFinding() throws IOException {
        EventTextFile trace = Traces.edited(
                "SLOT-LIFE.fail",
                "write   110000+1 55>90",
                "write   110000+1 55>90\n    136  1 101b14 write   110001+1 0>90\n    136  1 101b14 write   110002+1 0>90");
        assertThat(Traces.result(trace, "SLOT-LIFE").findingsCount()).isEqualTo(1);
        EventTextFile later = Traces.edited(
                "SLOT-LIFE.fail",
                "write   110000+1 55>90",
                "write   110000+1 55>90\n    137  1 101b14 write   110001+1 0>90");
        assertThat(Traces.result(later, "SLOT-LIFE").findingsCount()).isEqualTo(2);
    }

    /** The handler of p1, in which p2 hits, is not declared: that the hook has called it shows it. */
    @Test
    void aHitInAHandlerThatTheHookHasCalledIsOnNoPath() throws IOException {
        String[] undeclared = {"pre_handler:p1", "some_function"};
        assertThat(verdict(Traces.edited("golden.t4", undeclared), "CRITICAL-PATH"))
                .isEqualTo(Verdict.PASS);
        EventTextFile outsideOfTheHook =
                Traces.edited("golden.t4", undeclared[0], undeclared[1], " kprobe_handler", " another_function");
        assertThat(verdict(outsideOfTheHook, "CRITICAL-PATH")).isEqualTo(Verdict.FAIL);
        EventTextFile stepping =
                Traces.edited("golden.t4", undeclared[0], undeclared[1], "status  none>ACTIVE", "status  none>SS");
        assertThat(verdict(stepping, "CRITICAL-PATH")).isEqualTo(Verdict.FAIL);
    }

    /** The #DB of a stepped IRET comes in user mode; a task that is being stepped gets its SIGTRAP there too, rightly. */
    @Test
    void aSignalForTheEndOfAProbesStepIsNotTheTasks() throws IOException {
        String trace = "run.defect-iret-to-user";
        Finding finding = Traces.result(trace, "DEBUG-STATE").findings().get(0);
        assertThat(finding.event().step()).isEqualTo(7589);
        assertThat(finding.probe()).isEqualTo("p1");
        assertThat(finding.sentence()).contains("arrives in user mode", "it gets a SIGTRAP");
        assertThat(finding.causes()).extracting(Finding.Cause::role).containsExactly("the hit", "the #DB");
        EventTextFile another = Traces.edited(trace, "signal 0>5", "signal 0>b");
        assertThat(verdict(another, "DEBUG-STATE")).isNotEqualTo(Verdict.FAIL);
    }
}
