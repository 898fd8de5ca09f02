package trapline.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.cli.ExitCode;
import trapline.commands.CapturedAnalyzer;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;

final class RunDiffTest {

    private static final String TABLES = """
            @observe status 20000/4 kprobe_status
            @observe current 20010/4 current_kprobe
            @observe watch 20020/4 preempt_count
            @observe watch 20030/4 nmissed:p2
            @observe function 100300/0 get_kprobe
            @observe function 100400/0 pre_handler:p1
            @observe probe 30000/40 p1
            @observe probe 30100/40 p2
            @symbol 50000+40 probed
            @symbol 60000+100 slots
            """;

    /** A hit of p1 up to the moment when an NMI's probe p2 is hit while p1 is stepped. */
    private static final String HIT = """
            @symbol 100200+%1$s kprobe_handler
                  1  0  50000 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                  2  0 100210 call    get_kprobe(50000,0,0) ret=100214
                  3  0 100310 ret     get_kprobe =30000
                  4  0 100218 watch   preempt_count 0>1
                  5  0 100220 current 0>30000
                  6  0 100224 status  none>ACTIVE
                  7  0 100228 call    pre_handler:p1(30000,8ff0,0) ret=10022c
                  8  0 100400 ret     pre_handler:p1 =0
                  9  0 100230 status  ACTIVE>SS
                 10  0 100234 eflags  202>102 frame n=1
                 11  0 100240 eflags  2>102 iret
                 11  0 100240 iret    ip=60000 cs=8 fl=102 sp=8ff0 n=1
                 11  0  60000 trap    NMI cs=8 fl=102 sp=8ff0 n=2 external
                 12  0  50010 trap    #BP ip+1 cs=8 fl=2 sp=8fd0 n=3
            """;

    private static final String REENTERED = HIT.formatted("80") + """
                 13  0 100300 call    get_kprobe(50010,0,0) ret=100214
                 14  0 100310 ret     get_kprobe =30100
                 15  0 100250 eflags  2>46 alu
                 16  0 100254 watch   nmissed:p2 0>1
                 17  0 100258 watch   preempt_count 1>2
                 18  0 10025c current 30000>30100
                 19  0 100260 status  SS>REENTER
                 20  0 100264 iret    ip=60010 cs=8 fl=102 sp=8fd0 n=3
                 21  0 100264 halt    exit =0 ""
            """;

    private static final String PASSED = HIT.formatted("90") + """
                 13  0 100208 read    50010+1 =cc
                 14  0 100300 call    get_kprobe(50010,0,0) ret=100214
                 15  0 100310 ret     get_kprobe =30100
                 16  0 100270 eflags  2>6 alu
                 17  0 100280 iret    ip=50011 cs=8 fl=2 sp=8fd0 n=3
                 18  0 100280 die     =3 "int3"
                 19  0 100280 halt    exit =1 ""
            """;

    @TempDir
    private Path directory;

    private Path journal(String name, String events) throws IOException {
        EventTextFile text = EventTextFile.parse(TABLES + events, name);
        JournalHeader header = new JournalHeader(
                "test",
                1,
                "machine",
                "retired instructions",
                1,
                true,
                List.copyOf(text.tables().delivers()),
                text.tables().observed(),
                text.tables().symbols().symbols(),
                Map.of(),
                name,
                name,
                "",
                "",
                "");
        Path path = directory.resolve(name + ".journal");
        try (JournalWriter writer = JournalWriter.create(path, header, JournalOptions.DEFAULT)) {
            text.events().forEach(writer::accept);
            writer.finish();
        }
        return path;
    }

    private RunDiff diff(Path a, Path b, EventKind... ignored) throws IOException {
        try (Journal inA = Journal.open(a);
                Journal inB = Journal.open(b)) {
            return RunDiff.of(inA, inB, Set.of(ignored));
        }
    }

    @Test
    void otherAddressesAndAnotherOrderAreTheSame() throws IOException {
        String end = "     20  0 100264 halt    exit =0 \"\"\n";
        String moved = HIT.formatted("80")
                .replace("100218 watch   preempt_count 0>1", "100218 current 0>30000")
                .replace("  5  0 100220 current 0>30000", "  5  0 1f0220 watch   preempt_count 0>1")
                .replaceAll("\n +2[^\n]*\n +3[^\n]*\n", "\n");
        assertThat(moved).isNotEqualTo(HIT.formatted("80"));
        RunDiff diff = diff(journal("a", HIT.formatted("90") + end), journal("b", moved + end));
        assertThat(diff.divergences()).isEmpty();
    }

    @Test
    void theFirstDivergenceIsExplained() throws IOException {
        RunDiff diff = diff(journal("a", REENTERED), journal("b", PASSED));
        Divergence first = diff.divergences().get(0);
        assertThat(first.a().firstStep()).isEqualTo(20);
        assertThat(first.a().moments().get(0))
                .isEqualTo("return to slots+0x10, TF, kprobe_status SS->REENTER, current_kprobe p1->p2,"
                        + " preempt_count 1->2, nmissed:p2 0->1");
        assertThat(first.b().moments()).startsWith("return to probed+0x11, no TF, no IF");
        Explanation a = Objects.requireNonNull(diff.explanationA());
        Explanation b = Objects.requireNonNull(diff.explanationB());
        assertThat(b.deciding())
                .isEqualTo("get_kprobe() = p2, after the byte at probed+0x10, read as cc at kprobe_handler+0x8");
        assertThat(a.outcome()).contains("kprobe_status REENTER", "preempt_count 2", "EFLAGS TF", "eip slots+0x10");
        assertThat(b.outcome()).contains("kprobe_status SS", "preempt_count 1", "eip probed+0x11");
    }

    @Test
    void kindsCanBeIgnored() throws IOException {
        String more = "     30  0 100264 mark    =0 \"one\"\n";
        Path a = journal("a", HIT.formatted("80") + more);
        Path b = journal("b", HIT.formatted("80"));
        assertThat(diff(a, b).equal()).isFalse();
        assertThat(diff(a, b, EventKind.MARK).equal()).isTrue();
    }

    @Test
    void theCommandSaysItWithExitCodes() throws IOException {
        Path a = journal("a", REENTERED);
        Path b = journal("b", PASSED);
        CapturedAnalyzer analyzer = new CapturedAnalyzer();
        assertThat(analyzer.run("diff", a.toString(), b.toString())).isEqualTo(ExitCode.FINDING);
        assertThat(analyzer.out())
                .contains(
                        "They first part on CPU 0: decided at step 14 of A and step 15 of B, visible at\nstep 20 of A and step 17 of B.")
                .contains("B decides by get_kprobe() = p2, after the byte at probed+0x10")
                .contains("preempt_count 2");
        assertThat(analyzer.run("diff", a.toString(), a.toString())).isEqualTo(ExitCode.CLEAN);
        assertThat(analyzer.run("diff", a.toString(), b.toString(), "--ignore", "nothing"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(analyzer.run("diff", a.toString(), directory.resolve("none").toString()))
                .isEqualTo(ExitCode.UNREADABLE);
    }
}
