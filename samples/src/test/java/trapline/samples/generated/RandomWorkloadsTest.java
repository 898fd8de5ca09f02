package trapline.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.samples.CapturedTrapline;
import trapline.verdicts.JournalVerdicts;

/**
 * No check accuses a correct workload. Each runs with its own number of CPUs, schedule, NMIs and interrupts, under three
 * flows drawn too; {@code -Dworkloads=200 -Dseed=1} draws that many, from that seed on, for every flow without a known bug.
 */
class RandomWorkloadsTest {

    private static final List<String> FLOWS = List.of(
            "linux-2.6.24",
            "patch-2008-01-01",
            "review-a",
            "review-b",
            "linux-2.6.25-merge",
            "linux-2.6.25",
            "linux-2.6.26",
            "linux-2.6.33",
            "linux-2.6.34",
            "linux-3.16",
            "linux-5.13");

    private static final boolean LONG = System.getProperty("workloads") != null;
    private static final int WORKLOADS = Integer.getInteger("workloads", 6);
    private static final long SEED = Long.getLong("seed", 1);

    @TempDir
    private Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void noCheckAccusesACorrectWorkload() throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/gcc")) || Files.isExecutable(Path.of("/usr/local/bin/gcc")),
                "no gcc here, so no C file can be compiled");
        List<String> accused = new ArrayList<>();
        for (long seed = SEED; seed < SEED + WORKLOADS; seed++) {
            String object = compile(seed);
            for (int i = 0; i < FLOWS.size(); i++) {
                if (LONG || (seed + i) % 4 == 0) {
                    accused.addAll(accused(seed, FLOWS.get(i), object));
                }
            }
        }
        assertThat(accused).isEmpty();
    }

    private String compile(long seed) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("w" + seed + ".c"), RandomWorkload.of(seed));
        Process gcc = new ProcessBuilder(
                        ("gcc -m32 -march=i486 -mregparm=3 -ffreestanding -fno-pic -fno-stack-protector"
                                        + " -fno-asynchronous-unwind-tables -fno-common -fcf-protection=none"
                                        + " -mgeneral-regs-only -O2 -std=gnu11 -Werror -I"
                                        + Path.of("guest/runtime").toAbsolutePath() + " -c w" + seed + ".c")
                                .split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gcc.waitFor()).as(() -> source + ": " + said).isZero();
        return "w" + seed + ".o";
    }

    private List<String> accused(long seed, String flow, String workload) throws IOException {
        Path scenario = Files.writeString(folder.resolve("w" + seed + ".yaml"), scenario(seed, flow, workload));
        Path journal = folder.resolve("w.journal");
        trapline.run("record", scenario.toString(), "--force", "-o", journal.toString());
        if (!Files.exists(journal)) {
            return List.of("seed " + seed + ", " + flow + ": " + trapline.err());
        }
        JournalVerdicts verdicts = JournalVerdicts.of(journal, Checks::all);
        assertThat(verdicts.count(Verdict.PASS)).as("seed %d, %s", seed, flow).isGreaterThan(5);
        return verdicts.results().stream()
                .filter(result -> result.verdict() == Verdict.FAIL || result.verdict() == Verdict.UNKNOWN)
                .map(result ->
                        "seed " + seed + ", " + flow + ": " + result.info().id() + " " + result.reason()
                                + (result.findings().isEmpty()
                                        ? ""
                                        : result.findings().get(0).sentence()))
                .toList();
    }

    private static String scenario(long seed, String flow, String workload) {
        SplittableRandom random = new SplittableRandom(~seed);
        StringBuilder yaml = new StringBuilder("name: w" + seed + "\ntitle: drawn\nflow: " + flow + "\nworkload: "
                + workload + "\ncpus: " + RandomWorkload.cpus(seed) + "\nmemory: 16\n"
                + "limits: {instructions: 3000000}\nschedule: {kind: random, quantum: " + (1 + random.nextInt(60))
                + ", seed: " + seed + "}\ninject:\n");
        for (int i = 0; i < random.nextInt(1, 5); i++) {
            boolean nmi = random.nextInt(2) == 0;
            yaml.append("  - {what: ")
                    .append(nmi ? "nmi" : "irq, vector: 0x30")
                    .append(", cpu: 0, at: {step: ")
                    .append(9000 + random.nextInt(12000))
                    .append("}}\n");
        }
        return yaml.toString();
    }
}
