package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** Whose handlers are judged: of jprobes, aggregates, return probes, and of probes that hit in one. */
class HandlersTest {

    private static final String JPROBE = "JPROBE-RESTORED.pass";

    private static String said(String check, String trace, String... edits) throws IOException {
        return Traces.said(Traces.edited(trace, edits), check);
    }

    @Test
    void theFunctionBehindAJprobeHasItsFlags() throws IOException {
        String[] lost = {
            "166  0 101230 eflags  2>202/IF frame",
            "166  0 101230 eflags  2>2 frame",
            "ip=104011 cs=8 fl=202/IF",
            "ip=104011 cs=8 fl=2"
        };
        assertThat(said("JPROBE-RESTORED", JPROBE, lost)).isEqualTo("jprobe p1: flags 202 of the hit have become 2");
        assertThat(said(
                        "JPROBE-RESTORED",
                        JPROBE,
                        lost[2],
                        lost[3],
                        "    153  0 110001 trap",
                        "    152  0 110000 eflags  302>102 sti_cli\n    153  0 110001 trap"))
                .as("it is a cli")
                .isEqualTo("PASS");
    }

    /** The int3 of jprobe_return() ends the hit at once: the instruction is boosted. */
    @ParameterizedTest
    @CsvSource({"202, PASS", "2, FAIL", "302, FAIL"})
    void aBoostedJprobeGivesTheFlagsBackToo(String flags, Verdict expected) throws IOException {
        EventTextFile trace = Traces.until(JPROBE, "    147  0 101a10", String.format("""
                    147  0 101088 current &p1>0
                    148  0 1010f0 watch   preempt_count 2>1
                    150  0 1010ff ret     kprobe_handler =1
                    151  0 101470 watch   preempt_count 1>0
                    152  0 100510 iret    ip=110000 cs=8 fl=%s sp=8ff0 n=2
                    153  0 100100 halt    exit =0 ""
                """, flags));
        assertThat(Traces.result(trace, "JPROBE-RESTORED").verdict()).isEqualTo(expected);
    }

    @Test
    void aKernelThatDiesInAJprobeHandlerLeavesNobodyElsesProbe() throws IOException {
        String dies = "    134  0 101700 die     =0 \"x\"\n    135  0 100100 halt    exit =0 \"\"\n";
        for (String line : new String[] {"105820 trap", "135  0 101450"}) {
            EventTextFile trace = Traces.until(JPROBE, line, dies);
            assertThat(Traces.result(trace, "CURRENT-BALANCED").findings()).isEmpty();
            assertThat(Traces.result(trace, "PREEMPT-BALANCED").findings()).isEmpty();
        }
        String exits = "    135  0 100100 halt    exit =0 \"\"\n";
        EventTextFile alive = Traces.until(JPROBE, "105820 trap", exits);
        assertThat(Traces.result(alive, "CURRENT-BALANCED").findingsCount()).isEqualTo(1);
        assertThat(Traces.result(alive, "PREEMPT-BALANCED").findingsCount()).isEqualTo(1);
    }

    /** What an earlier hit has left of preempt_count is not laid to the one that is open at the end. */
    @Test
    void eachHitAnswersForItsOwnPreemptCount() throws IOException {
        EventTextFile trace = Traces.until("PREEMPT-BALANCED.fail", "100100 halt", """
                    148  0 104040 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=3
                    156  0 101870 ret     get_kprobe =30100
                    161  0 101030 current &p1>&p2
                    162  0 101060 status  SS>ACTIVE
                    170  0 100510 iret    ip=105800 cs=8 fl=2 sp=8ff0 n=3
                    189  0 100100 halt    exit =0 ""
                """);
        assertThat(Traces.result(trace, "CURRENT-BALANCED").findingsCount()).isEqualTo(2);
        assertThat(Traces.result(trace, "PREEMPT-BALANCED").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.probe()).isEqualTo("p1"));
    }

    @Test
    void aBoostedHitInAHandlerLeavesTheOuterProbeCurrent() throws IOException {
        String[] boosted = {
            "    143  0 101a10 eflags  2>102/TF frame n=2", "    143  0 101088 current &p2>&p1",
            "    144  0 101078 status  ACTIVE>REENTER", "    144  0 101078 mark    =1 \"x\"",
            "ip=110010 cs=8 fl=102/TF", "ip=110010 cs=8 fl=2",
            "    146  0 101470 watch   preempt_count 4>3", "    146  0 101470 watch   preempt_count 4>2",
        };
        String rest = "    148  0 110011 trap";
        String halt = "    148  0 100100 halt    exit =0 \"\"\n";
        EventTextFile kept = Traces.edited("golden.t4", boosted);
        assertThat(Traces.said(Traces.until(kept, rest, halt), "BOOST-PURE")).isEqualTo("PASS");
        boosted[1] = "    143  0 101088 current &p2>0";
        EventTextFile lost = Traces.edited("golden.t4", boosted);
        assertThat(Traces.said(Traces.until(lost, rest, halt), "BOOST-PURE"))
                .isEqualTo("the boosted hit of p2 leaves a trace: the current probe is none, but was p1");
    }

    @Test
    void aReturnHandlerIsNoneOfTheSuppressed() throws IOException {
        String trace = "HANDLERS-SUPPRESSED.fail";
        assertThat(said("HANDLERS-SUPPRESSED", trace)).contains("is called in status KPROBE_REENTER");
        assertThat(said(
                        "HANDLERS-SUPPRESSED",
                        trace,
                        "pre_handler:p2",
                        "return_handler:p2",
                        "post_handler:p2",
                        "return_handler:p3"))
                .isEqualTo("PASS");
    }

    @Test
    void onlyPostHandlersHaveAView() throws IOException {
        assertThat(said("POST-VIEW", "POST-VIEW.fail", "post_handler:p1", "fault_handler:p3"))
                .isEqualTo("NOT_EXERCISED");
    }

    @Test
    void whatHappensFirstOfAllCounts() throws IOException {
        EventTextFile disabled = Traces.with("GLOBAL-DISABLE.fail", """
                    100  0 101c30 ret     disable_all_kprobes =0
                    101  0 101040 call    pre_handler:p1(30000,8fd0,0) ret=101045
                """);
        assertThat(Traces.said(disabled, "GLOBAL-DISABLE"))
                .isEqualTo("pre_handler:p1 starts although all probes are disabled");
        EventTextFile trampoline = Traces.with("KRETPROBE-CURRENT.fail", """
                    100  0 106080 call    trampoline_handler(8fd0,8fd0,0) ret=106085
                    101  0 106010 current 0>&p3
                    102  0 106040 ret     trampoline_handler =104000
                """);
        assertThat(Traces.said(trampoline, "KRETPROBE-CURRENT"))
                .isEqualTo("trampoline_handler() was entered with none current and leaves p3 current");
    }

    /** Probes are armed one after the other: those that are may hit before the last one is. */
    @Test
    void probesMayHitWhileAllAreBeingEnabled() throws IOException {
        EventTextFile enabling = Traces.with("GLOBAL-DISABLE.fail", """
                    100  0 101d00 call    disable_all_kprobes(0,8fd0,0) ret=101d05
                    101  0 101c30 ret     disable_all_kprobes =0
                    102  0 101d40 call    enable_all_kprobes(0,8fd0,0) ret=101d45
                    103  0 101040 call    pre_handler:p1(30000,8fd0,0) ret=101045
                    104  0 105030 ret     pre_handler:p1 =0
                    105  0 101c70 ret     enable_all_kprobes =0
                """);
        assertThat(Traces.said(enabling, "GLOBAL-DISABLE")).isEqualTo("PASS");
    }

    @Test
    void aTrampolineWhoseBeginWasNotSeenIsNotJudged() throws IOException {
        EventTextFile cut = Traces.without("KRETPROBE-CURRENT.fail", "call    trampoline_handler");
        assertThat(Traces.said(cut, "KRETPROBE-CURRENT")).isEqualTo("NOT_EXERCISED");
    }

    /** A hit on CPU 1, with kprobe_instance of each CPU, or one for both, left as written before it. */
    @ParameterizedTest
    @CsvSource({
        "4+100*2, kprobe_instance[1] 0>30000, FAIL",
        "4+100*2, kprobe_instance[0] 0>30000, PASS",
        "4+0*1,   kprobe_instance 0>30000,    FAIL",
    })
    void theInstanceIsThatOfTheCpu(String shape, String write, Verdict expected) throws IOException {
        String text = Traces.load("SLOT-LIFE.pass").format();
        String run = text.substring(text.indexOf("    114  0 104010")).replaceAll("(?m)^( *\\d+ {2})0 ", "$11 ");
        EventTextFile trace = EventTextFile.parse(
                text.substring(0, text.indexOf("@symbol")) + "@observe watch 20028/" + shape + " kprobe_instance\n"
                        + "    100  1 107010 watch   " + write + "\n" + run,
                "instance");
        CheckResult result = Traces.result(trace, "INSTANCE-CLEARED");
        assertThat(result.exercised()).isEqualTo(1);
        assertThat(result.verdict()).isEqualTo(expected);
    }
}
