package trapline.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.Verdict;
import trapline.source.qemu.Probe;

/** Numbers of traps, hits and misses are those that the kernels counted. */
class CapturesTest {

    @ParameterizedTest
    @CsvSource({
        "k61-amd64-smp1, 950, 732, 0",
        "gdbstub-k61-amd64-smp1, 1819, 312, 0",
        "k51046-i386-db-smp1, 1378, 661, 460"
    })
    void countsWhatTheKernelCounted(String name, long traps, long breakpoints, long debugTraps) throws IOException {
        Captures.Result result = Captures.judge(Captures.log(name), name);
        assertThat(result.summary().traps()).isEqualTo(traps);
        assertThat(result.summary().breakpoints()).isEqualTo(breakpoints);
        assertThat(result.summary().debugTraps()).isEqualTo(debugTraps);
        assertThat(result.summary().gaps()).isZero();
        assertThat(result.summary().probes()).isNotEmpty().noneMatch(Probe::disagrees);
        assertThat(result.summary().probes().stream().filter(p -> !p.byFtrace()))
                .allMatch(p -> p.kernelHits() != null, "has counters of the kernel");
    }

    @Test
    void knowsHowEachHitWentOn() throws IOException {
        Captures.Result modern = Captures.judge(Captures.log("k61-amd64-smp1"), "k61-amd64-smp1");
        assertThat(modern.probe("vr_push").by(Probe.Mechanism.INT3)).isEqualTo(100);
        assertThat(modern.probe("vr_je").by(Probe.Mechanism.ONE_TRAP)).isEqualTo(100);
        assertThat(modern.probe("nested").missed()).isEqualTo(8);
        Captures.Result classic = Captures.judge(Captures.log("k51046-i386-db-smp1"), "k51046-i386-db-smp1");
        assertThat(classic.probe("vr_test").by(Probe.Mechanism.TF)).isEqualTo(150);
        assertThat(classic.probe("kr_call").by(Probe.Mechanism.TF)).isEqualTo(150);
        assertThat(classic.probe("vr_sub").by(Probe.Mechanism.ONE_TRAP)).isEqualTo(150);
    }

    @Test
    void judgesWhatTheLogShowsAndNothingElse() throws IOException {
        Captures.Result modern = Captures.judge(Captures.log("k61-amd64-smp1"), "k61-amd64-smp1");
        assertThat(modern.check("INT3-STEP-CONTEXT").verdict()).isEqualTo(Verdict.PASS);
        assertThat(modern.check("INT3-STEP-CONTEXT").exercised()).isEqualTo(316);
        assertThat(modern.check("TF-RESTORED").verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(modern.check("STATUS-AUTOMATON").reason()).contains("does not deliver kprobe_status");
        assertThat(modern.check("STATUS-AUTOMATON").exercised()).isZero();
        assertThat(modern.checks()).allMatch(result -> result.findings().isEmpty());
    }

    @Test
    void interruptsInASlotAreFound() throws IOException {
        String log = new String(Captures.log("k61-amd64-smp1"), java.nio.charset.StandardCharsets.ISO_8859_1);
        String broken = log.replaceFirst("(RIP=ffffffffc0201022 RFL=00000)0", "$12");
        Captures.Result result =
                Captures.judge(broken.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), "k61-amd64-smp1");
        assertThat(result.check("INT3-STEP-CONTEXT").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.check("INT3-STEP-CONTEXT").findings().get(0).probe()).isEqualTo("vr_sub");
        assertThat(result.summary().probes()).noneMatch(Probe::disagrees);
    }
}
