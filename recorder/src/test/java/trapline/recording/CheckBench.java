package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.commands.AnalyzerMain;
import trapline.journal.Journal;
import trapline.record.Runs;
import trapline.scenario.Overrides;
import trapline.scenario.ScenarioReader;

/**
 * All checks and histograms over a long recording, beside the C loop of {@code samples/bench/scan.c} over the same events
 * and, if it is installed, {@code babeltrace2} over an equivalent trace, all in one run: {@code mvn -Pbench -pl recorder
 * -am test -Dtest=CheckBench}. Medians of five; {@code -Dbench.rounds} sets the length, 361 events each.
 */
final class CheckBench {

    private static final int WARM_UP = 3;
    private static final int RUNS = 5;

    /** Passes of a process in all; from the last ones the JIT compiler, which wants a processor too, has nothing left to do. */
    private static final int PASSES = 45;

    private static final long ROUNDS = Long.getLong("bench.rounds", 277_100);
    private static final long CTF_EVENTS = 10_000_000;
    private static final int SMALL_JOURNALS = 2000;
    private static final List<String> SMALL =
            List.of("t1", "t3", "t5", "d1", "d5", "d8", "d12", "bug-04", "bug-42", "d4");
    private static final Path SCAN = Path.of("../samples/bench/scan.c");

    @TempDir
    private Path directory;

    @Test
    void longJournal() throws Exception {
        BenchRun.printMachine(RUNS);
        Path journal = record("pounding", "variables.rounds=" + ROUNDS);
        Path structs = directory.resolve("structs");
        Path ctf = directory.resolve("ctf");
        try (Journal opened = Journal.open(journal);
                PlainEvents plain = new PlainEvents(structs, ctf, CTF_EVENTS)) {
            opened.read(plain);
            System.out.printf("  %,d events of kprobes pounding%n", opened.events());
        }
        double loop = loop(structs);
        print("plain C loop", loop, 1);
        double one = judge(journal, 1);
        print("all checks and histograms, 1 thread", one, one / loop);
        double two = judge(journal, 2);
        print("all checks and histograms, 2 threads", two, two / loop);
        System.out.printf(Locale.ROOT, "  %-40s %8.2f%n", "2 threads to 1", two / one);
        babeltrace(ctf, one, two);
    }

    @Test
    void smallJournals() throws Exception {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        for (String name : SMALL) {
            Path journal = record(name, "-");
            for (int i = 0; i < SMALL_JOURNALS / SMALL.size(); i++) {
                copy(journal, tree.resolve(name + "-" + i + ".journal"));
            }
        }
        long start = System.nanoTime();
        String printed = BenchRun.run(
                600,
                BenchRun.java(List.of("-Xmx256m"), AnalyzerMain.class, "check", tree.toString(), "--format", "json"));
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(printed.lines().filter(line -> line.startsWith("{"))).hasSizeGreaterThanOrEqualTo(SMALL_JOURNALS);
        System.out.printf(Locale.ROOT, "  %-40s %8.1f s%n", SMALL_JOURNALS + " small journals, whole process", seconds);
    }

    private Path record(String name, String assignment) throws Exception {
        Overrides overrides = new Overrides();
        if (!assignment.equals("-")) {
            overrides.set(assignment);
        }
        Path journal = directory.resolve(name + ".journal");
        Runs.prepare(ScenarioReader.read(name, overrides), true, System.err).run(journal, null);
        return journal;
    }

    private double loop(Path structs) throws Exception {
        Path program = directory.resolve("scan");
        BenchRun.run(60, List.of("gcc", "-O2", "-o", program.toString(), SCAN.toString()));
        double[] rates = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            Matcher rate = Pattern.compile("([0-9.]+) M events/s")
                    .matcher(BenchRun.run(600, List.of(program.toString(), structs.toString())));
            assertThat(rate.find()).isTrue();
            rates[i] = Double.parseDouble(rate.group(1)) * 1e6;
        }
        return BenchRun.median(rates);
    }

    /** Judges again and again in one process, and gives the rate behind the warm-up. */
    private static double judge(Path journal, int threads) throws Exception {
        List<String> lines = BenchRun.run(
                        1200,
                        BenchRun.java(
                                List.of("-Xmx128m"),
                                CheckSpeed.class,
                                journal.toString(),
                                Integer.toString(threads),
                                Integer.toString(PASSES)))
                .lines()
                .toList();
        assertThat(lines).hasSize(PASSES + 1);
        System.out.printf(
                Locale.ROOT,
                "  %-40s %8.1f M events/s, at most %d MB of memory in the process%n",
                "first pass of a new process",
                rate(lines.get(0)) / 1e6,
                Long.parseLong(lines.get(PASSES)) / 1024);
        System.out.printf(
                Locale.ROOT,
                "  %-40s %8.1f M events/s%n",
                "passes " + (PASSES - RUNS + 1) + " to " + PASSES,
                rate(lines, PASSES - RUNS) / 1e6);
        return rate(lines, WARM_UP);
    }

    /** The median of some passes. */
    private static double rate(List<String> lines, int from) {
        return BenchRun.median(lines.subList(from, from + RUNS).stream()
                .mapToDouble(CheckBench::rate)
                .toArray());
    }

    private static double rate(String line) {
        String[] numbers = line.split(" ", -1);
        return Long.parseLong(numbers[0]) * 1e9 / Long.parseLong(numbers[1]);
    }

    private static void babeltrace(Path ctf, double one, double two) throws Exception {
        if (!BenchRun.isInstalled("babeltrace2")) {
            System.out.printf("  %-40s %8s (not installed; Debian: babeltrace2)%n", "babeltrace2 -o dummy", "-");
            return;
        }
        long events = Files.size(ctf.resolve("stream")) / 20;
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            String said = BenchRun.run(600, List.of("babeltrace2", "-o", "dummy", ctf.toString()));
            if (!said.isBlank()) {
                System.out.printf("  %-40s %8s (%s)%n", "babeltrace2 -o dummy", "-", BenchRun.reason(said));
                return;
            }
            rates.add(events * 1e9 / (System.nanoTime() - start));
        }
        double rate = BenchRun.median(rates.stream().mapToDouble(r -> r).toArray());
        System.out.printf(
                Locale.ROOT,
                "  %-40s %8.1f M events/s, 1 thread is %.1f times that, 2 threads are %.1f times that%n",
                "babeltrace2 -o dummy",
                rate / 1e6,
                one / rate,
                two / rate);
    }

    private static void print(String what, double rate, double ratio) {
        System.out.printf(Locale.ROOT, "  %-40s %8.1f M events/s  %6.2f of the loop%n", what, rate / 1e6, ratio);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
