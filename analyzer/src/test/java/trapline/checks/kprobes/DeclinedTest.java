package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.Finding;
import trapline.checks.Verdict;
import trapline.events.Event;
import trapline.text.EventTextFile;

/** An int3 that the handler declines, sends back, or takes for something else. */
class DeclinedTest {

    private static final String GONE = "VANISHED-UNTOUCHED.pass"; // disarmed between the trap and the lookup

    private static String said(String check, String trace, String... edits) throws IOException {
        return Traces.said(Traces.edited(trace, edits), check);
    }

    @Test
    void anInt3ThatIsGoneLeavesNoTrace() throws IOException {
        String check = "VANISHED-UNTOUCHED";
        assertThat(said(check, GONE, "ip=104010 cs=8 fl=202/IF", "ip=104010 cs=8 fl=302"))
                .isEqualTo("the CPU is sent back to the instruction with other flags: 202 became 302");
        assertThat(said(check, GONE, "ip=104010 cs=8 fl=202/IF", "ip=104010 cs=8 fl=10202"))
                .as("RF says only that it was a fault")
                .isEqualTo("PASS");
        assertThat(Traces.said(Traces.without(GONE, "1010f0 watch"), check))
                .isEqualTo("the CPU is sent back to the instruction with another preempt_count");
        assertThat(said(check, GONE, "1010f0 watch   preempt_count 2>1", "1010f0 status  none>SS"))
                .startsWith("the CPU is sent back to the instruction as if nothing had been, but the handler has left");
        assertThat(said(check, GONE, "ret     kprobe_handler =1", "ret     kprobe_handler =0"))
                .as("somebody else sent it back")
                .isEqualTo("NOT_EXERCISED");
    }

    @Test
    void anInt3ThatIsGoneIsNoMiss() throws IOException {
        assertThat(said("NMISSED-COUNTED", GONE, "1010f0 watch   preempt_count 2>1", "1010f0 watch   nmissed:p1 0>1"))
                .isEqualTo("the hit of none was sent back to its instruction and counted as missed all the same;"
                        + " nmissed must rise by 0, but it rose by 1");
    }

    /** The nmissed of an aggregate does not move, those of its children do, however many it has. */
    @Test
    void anAggregateIsJudgedOnlyWhereItCounts() throws IOException {
        String pass = "NMISSED-COUNTED.pass"; // p2 hits in the pre_handler of p1
        EventTextFile children = Traces.edited(pass, "nmissed:p2", "nmissed:c1");
        EventTextFile silent = Traces.edited(
                pass, "watch   nmissed:p2 0>1", "watch   thread_info.flags 0>0", "nmissed:p2", "nmissed:c1");
        assertThat(Traces.result(children, "NMISSED-COUNTED").exercised()).isEqualTo(2);
        assertThat(Traces.result(silent, "NMISSED-COUNTED").exercised()).isEqualTo(1);
        assertThat(Traces.said(children, "NMISSED-COUNTED")).isEqualTo("PASS");
        assertThat(Traces.said(silent, "NMISSED-COUNTED")).isEqualTo("PASS");
    }

    @Test
    void whoDeclinesAnInt3ThatIsGoneLeadsToDie() throws IOException {
        String[] declined = {"ret     kprobe_handler =1", "ret     kprobe_handler =0"};
        assertThat(said("INT3-OWNERSHIP", "VANISHED-UNTOUCHED.fail", declined))
                .isEqualTo("the breakpoint has vanished, but kprobe_handler() declines instead of going back to the"
                        + " instruction: the int3 at probed+0x10 ends in die()");
        EventTextFile unseen = Traces.edited(
                "VANISHED-UNTOUCHED.fail",
                declined[0],
                declined[1],
                "read    104010+1 =55",
                "mark    =1 \"x\"",
                "write   104010+1 55>cc",
                "mark    =1 \"x\"",
                "write   104010+1 cc>55",
                "mark    =1 \"x\"");
        assertThat(Traces.said(unseen, "INT3-OWNERSHIP"))
                .as("nobody knows the byte")
                .isEqualTo("PASS");
    }

    /** The second int3 of a probe whose instruction is an int3, in a guest that does not show its text. */
    @Test
    void theInt3ThatIsSteppedIsNotKprobes() throws IOException {
        EventTextFile unseen = Traces.without("PREEMPT-BALANCED.fail", "read    104010", "write   104010");
        assertThat(Traces.said(unseen, "INT3-OWNERSHIP")).isEqualTo("PASS");
    }

    @Test
    void aBugBehindADeclinedHitIsNotAnother() throws IOException {
        EventTextFile bug = Traces.edited("INT3-OWNERSHIP.fail", "die     =0 \"int3\"", "bug     =0 \"int3\"");
        assertThat(Traces.result(bug, "INT3-OWNERSHIP").findingsCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10403c+4 0>1, false", // ends below the byte
        "104038+8 0>1, false",
        "10403d+4 cc000000>cc000000, true",
        "104039+8 cc00000000000000>cc00000000000000, true",
        "104041+4 0>1, false",
    })
    void theWriteThatIsCitedIsTheLastOneToTheByte(String write, boolean cited) throws IOException {
        String arms = "write   104080+1 55>cc";
        EventTextFile trace = Traces.edited("INT3-OWNERSHIP.fail", arms, arms + "\n    113  0 101890 write   " + write);
        Finding finding = Traces.result(trace, "INT3-OWNERSHIP").findings().get(0);
        List<Long> writes = finding.causes().stream()
                .filter(cause -> cause.role().equals("the last write to the byte"))
                .map(Finding.Cause::ordinal)
                .toList();
        List<Long> ofTheLine = trace.events().stream()
                .filter(event -> event.step() == 113 && event.ip() == 0x101890)
                .map(Event::ordinal)
                .toList();
        assertThat(writes).hasSize(1);
        assertThat(writes.get(0).equals(ofTheLine.get(1))).isEqualTo(cited);
    }

    @ParameterizedTest
    @CsvSource({"0, FAIL", "28, FAIL", "fff, FAIL", "1000, PASS", "40001000, PASS"})
    void aStaleStatusShowsByAReadThroughNull(String address, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited("STATUS-COUPLED.fail", "at=28", "at=" + address);
        assertThat(Traces.result(trace, "STATUS-COUPLED").verdict()).isEqualTo(expected);
    }

    /** A foreign int3 while no probe is current, which the handler ends like a step of the last one. */
    @Test
    void aStaleStatusShowsByWhereTheCpuGoesOn() throws IOException {
        String trap = "101090 trap    #PF";
        String leaves =
                "    160  0 100510 iret    ip=%s cs=8 fl=202 sp=8ff0 n=3\n    161  0 100100 halt    exit =0 \"\"\n";
        EventTextFile astray = Traces.until("STATUS-COUPLED.fail", trap, String.format(leaves, "104055"));
        assertThat(Traces.said(astray, "STATUS-COUPLED"))
                .isEqualTo("an int3 that is no probe's is taken for the end of a step: no probe is current, but"
                        + " kprobe_status still says SS; the handler goes on at helper+0x15");
        for (String place : List.of("1040a0", "1040a1")) {
            EventTextFile honest = Traces.until("STATUS-COUPLED.fail", trap, String.format(leaves, place));
            assertThat(Traces.result(astray, "STATUS-COUPLED").exercised())
                    .isEqualTo(Traces.result(honest, "STATUS-COUPLED").exercised() + 1);
            assertThat(Traces.said(honest, "STATUS-COUPLED")).isEqualTo("PASS");
        }
    }

    /** An int3 that is gone and comes again at once, eight times: right behind the IRET, or one instruction later. */
    @ParameterizedTest
    @CsvSource({"1, FAIL", "2, PASS"})
    void anInt3IsTakenAgainIfNothingIsExecutedInBetween(int later, Verdict expected) throws IOException {
        StringBuilder run = new StringBuilder();
        int step = 100;
        for (int n = 1; n <= 8; n++) {
            run.append(String.format("%7d  0 104010 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=%d%n", step, n));
            run.append(String.format("%7d  0 100510 iret    ip=104010 cs=8 fl=202 sp=8ff0 n=%d%n", step + 5, n));
            step += 5 + later;
        }
        assertThat(Traces.result(Traces.with("golden.t1", run.toString()), "INT3-PROGRESS")
                        .verdict())
                .isEqualTo(expected);
    }

    @Test
    void aProbeThatIsCurrentHasAStatus() throws IOException {
        assertThat(Traces.said(Traces.without("INT3-PROGRESS.pass", "status  "), "STATUS-COUPLED"))
                .isEqualTo("p1 is current but kprobe_status is none");
    }

    @ParameterizedTest
    @CsvSource({
        "eflags  2>202 popf, FAIL",
        "eflags  2>202 sti_cli, FAIL",
        "eflags  2>2 popf, PASS",
        "eflags  202>202 popf, PASS",
        "eflags  2>202 iret, PASS",
    })
    void onlyWhoEnablesInterruptsIsToBlame(String write, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited(
                "INT3-PROGRESS.pass", "    129  0 105030", "    128  0 105010 " + write + "\n    129  0 105030");
        assertThat(Traces.result(trace, "NO-INTERRUPTS").verdict()).isEqualTo(expected);
    }

    /** do_int3() enables interrupts before it goes on with an int3 that nobody takes. */
    @Test
    void aTrapThatIsPassedOnMayHaveInterrupts() throws IOException {
        String enables = "\n    134  0 101472 eflags  2>202 sti_cli";
        String returned = "ret     kprobe_handler =";
        assertThat(said("NO-INTERRUPTS", "INT3-PROGRESS.pass", returned + "1", returned + "1" + enables))
                .startsWith("interrupts are enabled while p1 is current");
        assertThat(said("NO-INTERRUPTS", "INT3-PROGRESS.pass", returned + "1", returned + "0" + enables))
                .isEqualTo("PASS");
    }
}
