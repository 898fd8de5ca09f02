package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The golden traces of the 2.6.24 handlers, value by value, from journals that the executable wrote. a is the probed
 * instruction and s its slot; b and t are those of the second probe. Each probed instruction has five bytes. The die
 * notifier chain holds one preempt count of its own while a hook runs.
 */
class GoldenTraceTest {

    private static final Map<String, String> ONE = Map.of("a", "probed_insn", "s", "insn_slots");

    @TempDir
    Path folder;

    private List<String> milestones(String scenario, Map<String, String> labels) throws Exception {
        Path journal = folder.resolve(scenario + ".journal");
        Executable.Result result = Executable.trapline(folder).run("record", scenario, "-o", journal.toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
        return Milestones.of(journal, labels);
    }

    @Test
    void t1APlainHit() throws Exception {
        List<String> trace = milestones("plain-probe", ONE);
        assertThat(String.join("\n", Milestones.between(trace, "#BP ip=a+1 fl=202", 1, "iret ip=a+5 fl=202")))
                .isEqualTo("""
                        #BP ip=a+1 fl=202
                        preempt 0>1
                        preempt 1>2
                        current 0>p1
                        old 0>200
                        saved 0>200
                        status none>ACTIVE
                        pre p1
                        frame 202>102
                        status ACTIVE>SS
                        preempt 2>1
                        iret ip=s fl=102
                        #DB ip=s+5 fl=102
                        preempt 1>2
                        status SS>SSDONE
                        post p1
                        frame 102>2
                        frame 2>202
                        current p1>0
                        preempt 2>1
                        preempt 1>0
                        iret ip=a+5 fl=202""");
        assertThat(trace.stream().filter("#BP ip=a+1 fl=202"::equals)).hasSize(3);
        assertThat(trace.stream().filter("#DB ip=s+5 fl=102"::equals)).hasSize(3);
    }

    @Test
    void t4AProbeReenteredFromAPreHandler() throws Exception {
        List<String> trace = milestones(
                "reenter-in-pre-handler",
                Map.of("a", "probed_insn", "s", "insn_slots", "b", "helper_insn", "t", "insn_slots+0x10"));
        assertThat(String.join("\n", Milestones.between(trace, "#BP ip=a+1 fl=202", 1, "iret ip=a+5 fl=202")))
                .isEqualTo("""
                        #BP ip=a+1 fl=202
                        preempt 0>1
                        preempt 1>2
                        current 0>p1
                        old 0>200
                        saved 0>200
                        status none>ACTIVE
                        pre p1
                        #BP ip=b+1 fl=2
                        preempt 2>3
                        preempt 3>4
                        current p1>p2
                        old 200>0
                        saved 200>0
                        nmissed:p2 0>1
                        frame 2>102
                        status ACTIVE>REENTER
                        preempt 4>3
                        iret ip=t fl=102
                        #DB ip=t+5 fl=102
                        preempt 3>4
                        frame 102>2
                        frame 2>2
                        current p2>p1
                        status REENTER>ACTIVE
                        old 0>200
                        saved 0>200
                        preempt 4>3
                        preempt 3>2
                        iret ip=b+5 fl=2
                        frame 202>102
                        status ACTIVE>SS
                        preempt 2>1
                        iret ip=s fl=102
                        #DB ip=s+5 fl=102
                        preempt 1>2
                        status SS>SSDONE
                        post p1
                        frame 102>2
                        frame 2>202
                        current p1>0
                        preempt 2>1
                        preempt 1>0
                        iret ip=a+5 fl=202""");
        assertThat(trace).doesNotContain("pre p2", "post p2");
    }

    @Test
    void t8AProbeOnAnInt3LeaksStatusCurrentAndPreemptCount() throws Exception {
        List<String> trace = milestones(
                "probe-on-int3",
                Map.of("a", "probed_insn", "s", "insn_slots", "b", "later_insn", "t", "insn_slots+0x10"));
        assertThat(String.join("\n", Milestones.between(trace, "#BP ip=a+1 fl=202", 1, "iret ip=a+1 fl=202")))
                .isEqualTo("""
                        #BP ip=a+1 fl=202
                        preempt 0>1
                        preempt 1>2
                        current 0>p1
                        old 0>200
                        saved 0>200
                        status none>ACTIVE
                        pre p1
                        frame 202>102
                        status ACTIVE>SS
                        preempt 2>1
                        iret ip=a fl=102
                        #BP ip=a+1 fl=102
                        preempt 1>2
                        preempt 2>3
                        frame 102>202
                        preempt 3>2
                        preempt 2>1
                        iret ip=a+1 fl=202""");
        assertThat(String.join("\n", Milestones.between(trace, "#BP ip=b+1 fl=202", 1, "iret ip=b+5 fl=202")))
                .as("an ordinary probe afterwards is taken for a re-entry")
                .isEqualTo("""
                        #BP ip=b+1 fl=202
                        preempt 1>2
                        preempt 2>3
                        current p1>p2
                        nmissed:p2 0>1
                        frame 202>102
                        status SS>REENTER
                        preempt 3>2
                        iret ip=t fl=102
                        #DB ip=t+5 fl=102
                        preempt 2>3
                        frame 102>2
                        frame 2>202
                        current p2>p1
                        status REENTER>SS
                        preempt 3>2
                        preempt 2>1
                        iret ip=b+5 fl=202""");
        assertThat(trace).doesNotContain("pre p2", "post p2", "post p1", "current p1>0");
    }
}
