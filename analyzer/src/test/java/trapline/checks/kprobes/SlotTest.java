package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** Which writes into a slot SLOT-STABLE and SLOT-LIFE allow. */
class SlotTest {

    private static final String LATE_WRITE = "    155  0 101920 write   110000+1 55>90";

    /** Writes after the hit of p1, whose instruction has one byte, is over; + separates them. */
    private static CheckResult afterTheHit(String writes) throws IOException {
        String lines = "    155  0 101920 write   " + writes.replace(" + ", "\n    155  0 101920 write   ");
        return Traces.result(Traces.edited("SLOT-STABLE.fail", LATE_WRITE, lines), "SLOT-STABLE");
    }

    @ParameterizedTest
    @CsvSource({
        "110000+1 55>90, over the copied instruction",
        "110000+4 11223355>11223390, byte 0 of the slot for probed+0x10",
        "110001+1 0>e9 + 110001+1 e9>90, byte 1 of the slot for probed+0x10 is written a second time",
        "110001+4 0>12345678 + 110003+1 34>90, byte 3",
        "11000f+1 0>90 + 11000f+1 90>91, byte 15",
        "110001+1 0>e9 + 110000+1 55>90, byte 0",
    })
    void whatChangesTheCopyOrChangesTwiceIsAViolation(String writes, String said) throws IOException {
        CheckResult result = afterTheHit(writes);
        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.sentence()).contains(said);
            assertThat(finding.causes())
                    .singleElement()
                    .satisfies(cause -> assertThat(cause.role()).isEqualTo("the first step in this slot"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "110001+1 0>e9",
        "110001+4 0>12345678 + 110005+1 0>1",
        "110000+1 55>55",
        "110000+4 55>e90055",
        "110001+8 0>e9 + 110009+1 0>1", // eight bytes and the one behind them
        "110001+1 0>e9 + 110001+1 e9>e9",
        "110010+1 55>90", // p2's, which was never stepped
        "104010+1 cc>55 + 110000+1 55>90", // disarmed: the slot is free
        "104010+1 cc>55 + 104010+1 55>cc + 110000+1 55>90 + 110000+1 90>91",
    })
    void theJumpBackAndTheNextProbeAreWrittenOnce(String writes) throws IOException {
        CheckResult result = afterTheHit(writes);
        boolean armedAgain = writes.startsWith("104010+1 cc>55 + 104010+1");
        assertThat(result.verdict()).as(writes).isEqualTo(armedAgain ? Verdict.FAIL : Verdict.PASS);
    }

    @Test
    void theStepTellsHowLongTheInstructionIs() throws IOException {
        EventTextFile trace = Traces.edited(
                "SLOT-STABLE.fail",
                "110001 trap    #DB",
                "110003 trap    #DB",
                "ip=104011 cs",
                "ip=104013 cs",
                LATE_WRITE,
                "    155  0 101920 write   110002+1 0>90");
        assertThat(Traces.result(trace, "SLOT-STABLE").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains("byte 2", "over the copied instruction"));
    }

    /** Where a step ends: behind its instruction, or where that has jumped to, or on it again in a string instruction. */
    @ParameterizedTest
    @CsvSource({
        "110003, 104013, 110003+1 0>90, PASS",
        "110003, 104013, 110002+1 0>90, FAIL",
        "110000, 104010, 110000+1 55>90, FAIL",
        "110010, 104020, 110005+1 0>90, PASS",
        "10fff0, 104000, 110000+1 55>90, FAIL",
        "10fff0, 104000, 110001+1 0>90, PASS",
    })
    void onlyAStepToWithinTheSlotTellsTheLength(String ends, String goesOn, String write, Verdict expected)
            throws IOException {
        EventTextFile trace = Traces.edited(
                "SLOT-STABLE.fail",
                "110001 trap    #DB",
                ends + " trap    #DB",
                "ip=104011 cs",
                "ip=" + goesOn + " cs",
                LATE_WRITE,
                "    155  0 101920 write   " + write);
        assertThat(Traces.result(trace, "SLOT-STABLE").verdict()).isEqualTo(expected);
    }

    /** p1 is disarmed, and p2, of the same instruction, gets its slot, into which nothing need be written. */
    @Test
    void aSlotBelongsToWhoeverWasLastSteppedInIt() throws IOException {
        EventTextFile trace = Traces.until("SLOT-STABLE.fail", LATE_WRITE, """
                    155  0 101890 write   104010+1 cc>55
                    156  0 104040 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=3
                    165  0 101030 current 0>&p2
                    168  0 101050 status  SSDONE>ACTIVE
                    174  0 101060 status  ACTIVE>SS
                    177  0 100510 iret    ip=110000 cs=8 fl=102 sp=8ff0 n=3
                    178  0 110001 trap    #DB cs=8 fl=102 sp=8ff0 dr6=4000 n=4
                    192  0 101250 current &p2>0
                    196  0 100530 iret    ip=104041 cs=8 fl=202 sp=8ff0 n=4
                    197  0 101920 write   110000+1 55>90
                    198  0 100100 halt    exit =0 ""
                """);
        assertThat(Traces.said(trace, "SLOT-STABLE"))
                .isEqualTo("byte 0 of the slot for helper is written over the copied instruction while the probe is"
                        + " armed");
    }

    /** p1 is boosted and runs in its slot at 110000 when an NMI comes and somebody writes. */
    @ParameterizedTest
    @CsvSource({
        "110000, 110000+1, FAIL",
        "110000, 11000f+1, FAIL",
        "110005, 110000+1, FAIL",
        "110000, 110010+1, PASS",
        "110010, 110000+1, PASS",
        "104011, 110000+1, NOT_EXERCISED",
    })
    void aSlotThatAnInterruptedCpuIsInMayNotBeWritten(String interrupted, String written, Verdict expected)
            throws IOException {
        String run = String.format("""
                    300  0 %s trap    NMI cs=8 fl=202 sp=8ff0 n=9 injected
                    301  0 101b14 write   %s 55>90
                    302  0 100540 iret    ip=%s cs=8 fl=202 sp=8ff0 n=9
                    303  0 100100 halt    exit =0 ""
                """, interrupted, written, interrupted);
        assertThat(Traces.result(Traces.with("golden.t1", run), "SLOT-LIFE").verdict())
                .isEqualTo(expected);
    }

    @Test
    void theSlotIsNamedByItsBeginAndFreeOnceTheCpuIsOutOfIt() throws IOException {
        String run = """
                    300  0 110005 trap    NMI cs=8 fl=202 sp=8ff0 n=9 injected
                    301  0 101b14 write   110001+1 0>90
                    302  0 100540 iret    ip=110005 cs=8 fl=202 sp=8ff0 n=9
                    305  0 101b14 write   110002+1 0>90
                    306  0 100100 halt    exit =0 ""
                """;
        assertThat(Traces.said(Traces.with("golden.t1", run), "SLOT-LIFE"))
                .isEqualTo("the instruction slot at insn_slots is written by register_kprobe+0x14 while CPU 0 still has"
                        + " to execute it");
    }

    /** An NMI comes before the step of p1, and hits p2: p1 is the one that was saved. */
    @Test
    void theSlotOfAProbeThatWasSavedIsStillNeeded() throws IOException {
        EventTextFile trace = Traces.until("INT3-OWNERSHIP.fail", "1010f0 watch", """
                    147  0 101064 watch   prev_kprobe.kp 0>30000
                    148  0 101030 current &p1>&p2
                    149  0 101078 status  SS>REENTER
                    150  0 101b14 write   110000+1 55>90
                    151  0 100100 halt    exit =0 ""
                """);
        assertThat(Traces.said(trace, "SLOT-LIFE")).contains("while CPU 0 still has to execute it");
    }

    /** CPU 1 writes the slot while the fault of the instruction is handled on CPU 0. */
    @ParameterizedTest
    @CsvSource({"140, FAIL", "142, PASS"})
    void aStepThatWasCalledOffNeedsItsSlotNoMore(int step, Verdict expected) throws IOException {
        String write = "    " + step + "  1 101b14 write   110000+1 55>90";
        EventTextFile trace =
                Traces.until("SLOT-LIFE.pass", "    136  1 101b14", """
                    136  0 110000 trap    #PF cs=8 fl=102 sp=8ff0 err=0 at=40001000 n=2
                    139  1 101b14 write   110040+1 55>90
                EARLY    141  0 101620 current &p1>0
                LATE    144  0 100570 iret    ip=104010 cs=8 fl=202 sp=8ff0 n=2
                    145  0 100100 halt    exit =0 ""
                """.replace("EARLY", step < 141 ? write + "\n" : "")
                        .replace("LATE", step > 141 ? write + "\n" : ""));
        assertThat(Traces.result(trace, "SLOT-LIFE").verdict()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "110000+1 55>90, FAIL",
        "110001+1 0>90, FAIL",
        "11000f+1 0>90, FAIL",
        "110010+1 55>90, PASS",
        "104090+1 55>90, NOT_EXERCISED",
    })
    void aSlotThatAnotherCpuStepsInMayNotBeWritten(String write, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited("SLOT-LIFE.pass", "write   110040+1 55>90", "write   " + write);
        assertThat(Traces.result(trace, "SLOT-LIFE").verdict()).isEqualTo(expected);
    }
}
