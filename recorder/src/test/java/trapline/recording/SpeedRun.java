package trapline.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.record.Runs;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;

/**
 * Runs a guest some times in a process of its own and prints a line for each run: instructions, nanoseconds, events and
 * bytes on disk. A process for each way, since a JVM that has seen both compiles for both.
 */
public final class SpeedRun {

    private SpeedRun() {}

    /** Arguments: {@code plain} or {@code recorded}, an ELF file or a scenario's name, {@code K=V} or {@code -}, runs, directory. */
    public static void main(String[] args) throws Exception {
        boolean recorded = args[0].equals("recorded");
        Path directory = Path.of(args[4]);
        for (int run = 0; run < Integer.parseInt(args[3]); run++) {
            Scenario scenario = scenario(args[1], args[2]);
            System.out.println(recorded ? record(scenario, directory.resolve("run-" + run)) : plain(scenario));
        }
    }

    private static Scenario scenario(String target, String assignment) throws ScenarioException {
        Overrides overrides = new Overrides();
        if (!assignment.equals("-")) {
            overrides.set(assignment);
        }
        overrides.set("limits.instructions=100000000000");
        return target.endsWith(".elf")
                ? ScenarioReader.ofExecutable(Path.of(target), overrides)
                : ScenarioReader.read(target, overrides);
    }

    private static String plain(Scenario scenario) throws Exception {
        Machine machine = GuestBuild.machine(scenario, GuestBuild.of(scenario).image());
        long start = System.nanoTime();
        RunResult result = machine.run(Scheduler.roundRobin(1_000_000), Long.MAX_VALUE);
        return line(result.step(), System.nanoTime() - start, 0, 0);
    }

    /** From the first instruction until the footer is stored. */
    private static String record(Scenario scenario, Path journal) throws IOException {
        Recording recording = Runs.prepare(scenario, true, System.err);
        long start = System.nanoTime();
        Recording.Result result = recording.run(journal, null);
        long nanos = System.nanoTime() - start;
        long bytes = 0;
        try (var files = Files.list(journal)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
                bytes += Files.size(file);
            }
        }
        OldJournal.remove(journal);
        return line(result.end().steps(), nanos, result.footer().events(), bytes);
    }

    private static String line(long steps, long nanos, long events, long bytes) {
        return String.format(Locale.ROOT, "%d %d %d %d", steps, nanos, events, bytes);
    }
}
