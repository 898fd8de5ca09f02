package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.cli.ExitCode;
import trapline.journal.Journal;

/** The golden traces T1, T4 and T8, value by value, from journals of the baseline flow. */
class GoldenTracesTest {

    @TempDir
    private Path directory;

    private final CapturedTrapline trapline = new CapturedTrapline();

    /** The first lines of a recording of the baseline flow. */
    private String record(String scenario, int lines) throws IOException {
        Path path = directory.resolve(scenario + ".journal");
        assertThat(trapline.run("record", scenario, "-o", path.toString())).isEqualTo(ExitCode.CLEAN);
        try (Journal journal = Journal.open(path)) {
            HitLines hits = new HitLines(journal.header());
            journal.read(hits);
            return String.join("\n", hits.lines().subList(0, lines)) + "\n";
        }
    }

    /** One hit: the preempt count is 1 while the probe lives; handlers see one more, RCU's. */
    @Test
    void t1APlainHit() throws IOException {
        assertThat(record("plain-probe", 11)).isEqualTo("""
                #BP ip=probed_insn+1 f=202 none none old=0 saved=0 pc=0
                pre_handler:p1 sees f=202 ACTIVE p1 old=200 saved=200 pc=2
                frame f=202 -> 102
                kprobe_handler returns 1
                iret ip=s1+0 f=102 SS p1 old=200 saved=200 pc=1
                #DB ip=s1+5 f=102 SS p1 old=200 saved=200 pc=1
                post_handler:p1 sees f=102 SSDONE p1 old=200 saved=200 pc=2
                frame f=102 -> 2
                frame f=2 -> 202
                post_kprobe_handler returns 1
                iret ip=probed_insn+5 f=202 SSDONE none old=200 saved=200 pc=0
                """);
    }

    /** The probe in the pre handler's callee is stepped with none of its handlers run, and counted as missed. */
    @Test
    void t4AReentry() throws IOException {
        assertThat(record("reenter-in-pre-handler", 20)).isEqualTo("""
                #BP ip=probed_insn+1 f=202 none none old=0 saved=0 pc=0
                pre_handler:p1 sees f=202 ACTIVE p1 old=200 saved=200 pc=2
                #BP ip=helper+1 f=12 ACTIVE p1 old=200 saved=200 pc=2
                frame f=12 -> 112
                kprobe_handler returns 1
                iret ip=s1+0 f=112 REENTER p2 old=0 saved=0 pc=3 nmissed:p2=1
                #DB ip=s1+5 f=112 REENTER p2 old=0 saved=0 pc=3 nmissed:p2=1
                frame f=112 -> 12
                frame f=12 -> 12
                post_kprobe_handler returns 1
                iret ip=helper+5 f=12 ACTIVE p1 old=200 saved=200 pc=2 nmissed:p2=1
                frame f=202 -> 102
                kprobe_handler returns 1
                iret ip=s2+0 f=102 SS p1 old=200 saved=200 pc=1 nmissed:p2=1
                #DB ip=s2+5 f=102 SS p1 old=200 saved=200 pc=1 nmissed:p2=1
                post_handler:p1 sees f=102 SSDONE p1 old=200 saved=200 pc=2 nmissed:p2=1
                frame f=102 -> 2
                frame f=2 -> 202
                post_kprobe_handler returns 1
                iret ip=probed_insn+5 f=202 SSDONE none old=200 saved=200 pc=0 nmissed:p2=1
                """);
    }

    /** The hit never ends: p1 stays current in SS and the preempt count stays 1, so the next probe is a re-entry. */
    @Test
    void t8AProbeOnAnInt3() throws IOException {
        assertThat(record("probe-on-int3", 18)).isEqualTo("""
                #BP ip=probed_insn+1 f=202 none none old=0 saved=0 pc=0
                pre_handler:p1 sees f=202 ACTIVE p1 old=200 saved=200 pc=2
                frame f=202 -> 102
                kprobe_handler returns 1
                iret ip=probed_insn+0 f=102 SS p1 old=200 saved=200 pc=1
                #BP ip=probed_insn+1 f=102 SS p1 old=200 saved=200 pc=1
                frame f=102 -> 202
                kprobe_handler returns 0
                iret ip=probed_insn+1 f=202 SS p1 old=200 saved=200 pc=1
                #BP ip=later_insn+1 f=202 SS p1 old=200 saved=200 pc=1
                frame f=202 -> 102
                kprobe_handler returns 1
                iret ip=s1+0 f=102 REENTER p2 old=200 saved=200 pc=2 nmissed:p2=1
                #DB ip=s1+5 f=102 REENTER p2 old=200 saved=200 pc=2 nmissed:p2=1
                frame f=102 -> 2
                frame f=2 -> 202
                post_kprobe_handler returns 1
                iret ip=later_insn+5 f=202 SS p1 old=200 saved=200 pc=1 nmissed:p2=1
                """);
    }
}
