package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** Steps that end otherwise than by their #DB, or with other flags. */
class StepEndsTest {

    private static final String HIT = "INT3-PROGRESS.pass"; // of p1, which is stepped over

    private static String said(String check, String trace, String... edits) throws IOException {
        return Traces.said(Traces.edited(trace, edits), check);
    }

    @Test
    void aFaultCallsTheStepOff() throws IOException {
        String trace = "FAULT-CANCEL.pass";
        assertThat(Traces.said(Traces.without(trace, "101620 current"), "FAULT-CANCEL"))
                .isEqualTo("p1 at probed+0x10: its instruction faulted, but the step was not cancelled");
        assertThat(said("FAULT-CANCEL", trace, "100570 iret    ip=104010", "100570 iret    ip=110000"))
                .isEqualTo("p1 at probed+0x10: after the fault the CPU goes on in the slot");
        assertThat(said(
                        "FAULT-CANCEL",
                        trace,
                        "102/TF>202/IF frame",
                        "102>2 frame",
                        "cs=8 fl=202/IF sp=8ff0 n=2",
                        "cs=8 fl=2 sp=8ff0 n=2"))
                .isEqualTo("p1 at probed+0x10: IF is not restored after the fault");
        assertThat(Traces.said(Traces.without(trace, "101628 watch"), "FAULT-CANCEL"))
                .isEqualTo("p1 at probed+0x10: preempt_count is not restored after the fault");
    }

    /** Without TF the CPU runs on behind the slot's instruction, here into the next probe. */
    @Test
    void aStepThatBeginsWithoutTfHasNoEnd() throws IOException {
        EventTextFile trace = Traces.edited(
                HIT,
                "202/IF>302/TF,IF frame",
                "202>202 frame",
                "302/TF,IF>102/TF frame",
                "202>2 frame",
                "ip=110000 cs=8 fl=102/TF",
                "ip=110000 cs=8 fl=2",
                "110001 trap    #DB cs=8 fl=102/TF sp=8ff0 dr6=4000",
                "104040 trap    #BP ip+1 cs=8 fl=2 sp=8ff0");
        assertThat(Traces.said(trace, "STEP-CONTEXT"))
                .isEqualTo("the step of p1 began with TF clear: no #DB ends the step");
    }

    @ParameterizedTest
    @CsvSource({"dr6=4000, PASS", "dr6=4001, PASS", "dr6=1, FAIL", "dr6=8000, FAIL"})
    void onlyASingleStepTrapEndsAStep(String dr6, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited(HIT, "dr6=4000", dr6);
        CheckResult result = Traces.result(trace, "DB-OWNERSHIP");
        assertThat(result.verdict()).isEqualTo(expected);
        assertThat(result.findings())
                .allMatch(finding -> finding.sentence()
                        .equals("a #DB without DR6.BS: a hardware breakpoint is taken for the end of the step of p1"));
    }

    /** popf and iret load TF; the flow may let it stay or discard it, but must not make it up. */
    @ParameterizedTest
    @CsvSource({
        "302, 302, PASS", // what was loaded stays
        "302, 202, PASS", // it is discarded
        "202, 302, FAIL", // the TF of the step stays
        "202, 202, PASS",
    })
    void theFlagsThatAnInstructionLoadsMayStay(String loaded, String after, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited(
                HIT,
                "    136  0 110001 trap    #DB cs=8 fl=102/TF",
                "    135  0 110000 eflags  102>" + loaded + " popf\n    136  0 110001 trap    #DB cs=8 fl=" + loaded,
                "ip=104011 cs=8 fl=202/IF",
                "ip=104011 cs=8 fl=" + after);
        assertThat(Traces.result(trace, "TF-RESTORED").verdict()).isEqualTo(expected);
    }

    /** A flow that steps by an int3 keeps IF of the hit and has no use for TF. */
    @ParameterizedTest
    @CsvSource({"200, 200, PASS", "300, 300, PASS", "100, 100, FAIL", "300, 200, FAIL", "0, 0, FAIL"})
    void theCopiesOfTheFlagsAreThoseOfTheHit(String old, String saved, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited(
                HIT,
                "#BP ip+1 cs=8 fl=202/IF",
                "#BP ip+1 cs=8 fl=302",
                "kprobe_old_eflags 0>200",
                "kprobe_old_eflags 0>" + old,
                "kprobe_saved_eflags 0>200",
                "kprobe_saved_eflags 0>" + saved);
        assertThat(Traces.result(trace, "FLAG-SHADOW").verdict()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0>10, FAIL",
        "10>0, PASS", // the end of a debugger's step
        "30>10, PASS",
        "10>30, FAIL",
    })
    void onlyAFlagThatIsRaisedStepsTheTask(String change, Verdict expected) throws IOException {
        EventTextFile trace =
                Traces.edited("DEBUG-STATE.fail", "thread_info.flags 0>10", "thread_info.flags " + change);
        CheckResult result = Traces.result(trace, "DEBUG-STATE");
        assertThat(result.verdict()).isEqualTo(expected);
        assertThat(result.findings())
                .allMatch(f -> f.sentence().endsWith("it will get a SIGTRAP") == change.equals("0>10"));
    }

    /** Where the guest declares no slots, the IRET shows where the slot is. */
    @Test
    void theSlotIsKnownFromTheStepToo() throws IOException {
        String[] undeclared = {"110000/4096+0*1 insn_slots", "110000/4096+0*1 other"};
        assertThat(said("EIP-AFTER-STEP", HIT, undeclared)).isEqualTo("PASS");
        assertThat(said(
                        "EIP-AFTER-STEP",
                        HIT,
                        undeclared[0],
                        undeclared[1],
                        "read    104010+1 =55",
                        "read    104010+1 =c3",
                        "write   104010+1 55>cc",
                        "write   104010+1 c3>cc",
                        "ip=104011 cs=8",
                        "ip=110001 cs=8"))
                .startsWith("after the step of p1 at probed+0x10 the CPU goes on at insn_slots+0x1, but");
    }

    /** A probe that is stepped in its own place, such as one of a string instruction between two iterations. */
    @Test
    void aStepInPlaceMayEndWhereItBegan() throws IOException {
        assertThat(said(
                        "EIP-AFTER-STEP",
                        HIT,
                        "iret    ip=110000",
                        "iret    ip=104010",
                        "110001 trap    #DB",
                        "104010 trap    #DB",
                        "iret    ip=104011",
                        "iret    ip=104010"))
                .isEqualTo("PASS");
    }

    @Test
    void aKernelThatDiesInTheTrapBehindAStepLeavesTheProbeCurrent() throws IOException {
        String dies = "    151  0 101700 die     =0 \"x\"\n    152  0 100100 halt    exit =0 \"\"\n";
        CheckResult before = Traces.result(Traces.until(HIT, "101250 current", dies), "CURRENT-BALANCED");
        assertThat(before.findingsCount()).isEqualTo(1);
        assertThat(before.exercised()).isEqualTo(1);
        assertThat(before.findings().get(0).sentence())
                .isEqualTo("p1 stays current after its hit at probed+0x10: the kernel died in the trap that ended the"
                        + " step, with the probe still current");
        assertThat(Traces.said(Traces.until(HIT, "101258 watch", dies), "CURRENT-BALANCED"))
                .as("it was reset in time")
                .isEqualTo("NOT_EXERCISED");
        assertThat(Traces.said(Traces.until(HIT, "104010 trap", dies), "CURRENT-BALANCED"))
                .as("it died elsewhere")
                .isEqualTo("NOT_EXERCISED");
        assertThat(Traces.said(Traces.until(HIT, "110001 trap", dies), "CURRENT-BALANCED"))
                .as("it died before the trap, and what would have come is not known")
                .isEqualTo("NOT_EXERCISED");
    }
}
