package trapline.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.events.EventTextFile;

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
        EventTextFile behind = Traces.edited(
                "SLOT-STABLE.fail",
                "110001 trap    #DB",
                "110003 trap    #DB",
                "ip=104011 cs",
                "ip=104013 cs",
                LATE_WRITE,
                "    155  0 101920 write   110003+1 0>90");
        assertThat(Traces.result(behind, "SLOT-STABLE").verdict()).isEqualTo(Verdict.PASS);
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
