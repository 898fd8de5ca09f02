package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** Every way to end, as a scenario expects it or not, in a hit, after one and without one. */
class AliveTest {

    private static final String BEGIN = """
            @observe current 20004/4+100*1 current_kprobe
            @observe probe 30000/64 p1
            @symbol 104000+20 probed
            """;

    private static final String HIT = """
            114 0 104010 trap #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
            123 0 101030 current 0>&p1
            """;

    private static final String OVER = """
            130 0 101088 current &p1>0
            134 0 100510 iret ip=110000 cs=8 fl=202 sp=8ff0 n=1
            """;

    private static CheckResult judge(String... parts) throws IOException {
        List<CheckResult> results = Traces.judge(EventTextFile.parse(String.join("", parts), "x.events"));
        return results.stream()
                .filter(r -> r.info().id().equals("ALIVE"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "exit, PASS",
        "halted, PASS",
        "interrupted, PASS",
        "limit, FAIL",
        "triple_fault, FAIL",
        "unsupported, FAIL",
        "bad_fetch, FAIL"
    })
    void endsOfARunWithAHit(String reason, Verdict verdict) throws IOException {
        String halt = "140 0 100100 halt " + reason + " =0 \"\"\n";
        assertThat(judge(BEGIN, HIT, OVER, halt).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"die", "bug"})
    void aDeathIsNamedWithTheHitThatItCameIn(String what) throws IOException {
        String death = "135 0 100100 " + what + " =0 \"\"\n140 0 100100 halt exit =4 \"\"\n";
        CheckResult inside = judge(BEGIN, HIT, death);
        assertThat(inside.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).endsWith(" in the hit of p1 at probed+0x10 on CPU 0"));
        CheckResult after = judge(BEGIN, HIT, OVER, death);
        assertThat(after.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).endsWith(" after the hit of p1 at probed+0x10 on CPU 0"));
        CheckResult without = judge(BEGIN, death);
        assertThat(without.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).endsWith(" before any hit"));
        assertThat(judge("@expect-end " + what + "\n", BEGIN, HIT, death).verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(judge("@expect-end any\n", BEGIN, HIT, death).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judge("@expect-end limit\n", BEGIN, HIT, death).verdict()).isEqualTo(Verdict.FAIL);
    }

    @ParameterizedTest
    @CsvSource({"limit, NOT_EXERCISED", "halted, NOT_EXERCISED", "exit, NOT_EXERCISED", "triple_fault, FAIL"})
    void withoutAHit(String reason, Verdict verdict) throws IOException {
        assertThat(judge(BEGIN, "140 0 100100 halt " + reason + " =0 \"\"\n").verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"exit, FAIL", "limit, PASS", "interrupted, PASS"})
    void anotherEndThanTheExpectedOneFails(String reason, Verdict verdict) throws IOException {
        String halt = "140 0 100100 halt " + reason + " =0 \"\"\n";
        assertThat(judge("@expect-end limit\n", BEGIN, HIT, OVER, halt).verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"halted, FAIL", "exit, PASS"})
    void aHitThatNeverEnds(String reason, Verdict verdict) throws IOException {
        String halt = "140 0 100100 halt " + reason + " =0 \"\"\n";
        assertThat(judge(BEGIN, HIT, halt).verdict()).isEqualTo(verdict);
    }

    /** What is registered there, or written by kprobes itself, is no debugger's business. */
    @ParameterizedTest
    @CsvSource({
        "'', NOT_EXERCISED",
        "'101 0 101b00 call register_kprobe(30000,0,0) ret=100095\n102 0 101b10 write 104010+1 55>cc\n103 0 101b20 ret register_kprobe =0',"
                + " FAIL"
    })
    void aDeathOfADebuggersBreakpointIsNotJudged(String before, Verdict verdict) throws IOException {
        String tables = BEGIN + "@observe function 101b00 register_kprobe\n@observe text 104000/256 probed\n";
        String written = before.isEmpty() ? "104 0 100700 write 104010+1 55>cc\n" : before + "\n";
        String dies = """
                114 0 104010 trap #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                135 0 100100 die =104011 "int3"
                140 0 100100 halt exit =4 ""
                """;
        assertThat(judge(tables, written, dies).verdict()).isEqualTo(verdict);
    }
}
