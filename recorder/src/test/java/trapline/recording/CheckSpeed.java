package trapline.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.journal.Journal;
import trapline.latency.LatencyTable;
import trapline.replay.SharedReplay;
import trapline.text.EventTextTables;

/**
 * Judges a journal some times by all checks and histograms, in a process of its own, and prints a line for each pass:
 * events and nanoseconds, from opening the journal to the last verdict. The last line is the most memory that the process
 * has had, in kilobytes.
 */
public final class CheckSpeed {

    private CheckSpeed() {}

    /** Arguments: the journal, threads, passes. */
    public static void main(String[] args) throws IOException {
        for (int pass = 0; pass < Integer.parseInt(args[2]); pass++) {
            long start = System.nanoTime();
            long events = judge(Path.of(args[0]), Integer.parseInt(args[1]));
            System.out.println(events + " " + (System.nanoTime() - start));
        }
        System.out.println(peakKilobytes());
    }

    private static long judge(Path path, int threads) throws IOException {
        LatencyTable latencies = new LatencyTable();
        try (Journal journal = Journal.open(path)) {
            EventTextTables tables = journal.header().textTables();
            CheckRun run = SharedReplay.read(
                    journal, threads, () -> new CheckRun(tables, Checks.all(), latencies.listeners(tables, "", "")));
            for (CheckResult result : run.results(journal.closed(), journal::read)) {
                if (result.verdict() == Verdict.FAIL || result.verdict() == Verdict.UNKNOWN) {
                    throw new IllegalStateException(result.toString());
                }
            }
            if (latencies.rows().isEmpty()) {
                throw new IllegalStateException("nothing was measured");
            }
            return journal.events();
        }
    }

    private static long peakKilobytes() throws IOException {
        return Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
