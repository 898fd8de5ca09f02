package trapline.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalException;
import trapline.bundle.BundleWriter;
import trapline.checks.Verdict;
import trapline.checks.kprobes.Checks;
import trapline.journal.BundleMutations;
import trapline.journal.Effort;
import trapline.journal.Journal;
import trapline.journal.Mutations;
import trapline.verdicts.JournalVerdicts;

/**
 * Whatever happens to a journal or bundle, no check passes or fails that does not do so on the undamaged one. {@code -Pdamage} runs
 * many thousands of mutations in 256 MB; {@code -Dtrapline.damage.seed=} takes the seed of a failure.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class DamagedVerdictsTest {

    private static final int MUTATIONS = Integer.getInteger("trapline.damage.mutations", 400);
    private static final long SEED = Long.getLong("trapline.damage.seed", 20080101);
    private static final int EVENTS_PER_BLOCK = 12;
    private static final List<String> TRACES = List.of(
            "NO-NESTED-REENTER.fail", "golden.t9", "TF-RESTORED.fail", "TF-RESTORED.pass", "NMISSED-COUNTED.fail");

    @TempDir
    private Path directory;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Original(String file, byte[] journal, byte[] bundle, Map<String, Verdict> verdicts) {}

    private final Map<String, Original> originals = new TreeMap<>();
    private final Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);

    @BeforeEach
    void write() throws IOException {
        for (String trace : TRACES) {
            Path journal = TraceJournals.writeInBlocks(trace, directory, EVENTS_PER_BLOCK);
            Path bundle = directory.resolve(trace + ".trap");
            try (Journal opened = Journal.open(journal)) {
                new BundleWriter(opened).text("summary.txt", trace).write(bundle, "trapline test");
            }
            Path data = dataFile(journal);
            originals.put(
                    trace,
                    new Original(
                            String.valueOf(data.getFileName()),
                            Files.readAllBytes(data),
                            Files.readAllBytes(bundle),
                            verdicts(journal)));
        }
    }

    private static Path dataFile(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(f -> f.toString().endsWith(".cq4")).findAny().orElseThrow();
        }
    }

    private static Map<String, Verdict> verdicts(Path path) throws IOException {
        return JournalVerdicts.of(path, Checks::all).results().stream()
                .collect(Collectors.toMap(r -> r.info().id(), r -> r.verdict(), (a, b) -> a, TreeMap::new));
    }

    private Original any(SplittableRandom random) {
        return Objects.requireNonNull(originals.get(TRACES.get(random.nextInt(TRACES.size()))));
    }

    /** False if nothing could be read. */
    private boolean survives(Path path, String what) throws IOException {
        Effort effort = new Effort();
        boolean read = true;
        try {
            String name;
            try (Journal journal = Journal.open(path)) {
                name = journal.header().name();
            }
            Map<String, Verdict> whole = Objects.requireNonNull(originals.get(name)).verdicts;
            verdicts(path).forEach((check, verdict) -> {
                seen.merge(verdict, 1, Integer::sum);
                if (verdict == Verdict.PASS || verdict == Verdict.FAIL) {
                    assertThat(whole).as(what).containsEntry(check, verdict);
                }
            });
        } catch (JournalException e) {
            assertThat(e.getMessage()).as(what).startsWith(path.toString()).hasLineCount(1);
            read = false;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        effort.check(what);
        return read;
    }

    @Test
    void journals() throws IOException {
        Path damaged = Files.createDirectory(directory.resolve("damaged.journal"));
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            Mutations mutation = List.of(Mutations.values()).get(i % Mutations.values().length);
            Original original = any(random);
            byte[] bytes = mutation.apply(original.journal.clone(), any(random).journal, random);
            Files.write(damaged.resolve(original.file), bytes);
            read += survives(damaged, mutation + " with seed " + (SEED + i)) ? 1 : 0;
        }
        report("journals", read);
    }

    @Test
    void bundles() throws IOException {
        Path damaged = directory.resolve("damaged.trap");
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            BundleMutations mutation = List.of(BundleMutations.values()).get(i % BundleMutations.values().length);
            byte[] bytes = mutation.apply(any(random).bundle.clone(), any(random).bundle, random);
            Files.write(damaged, bytes);
            read += survives(damaged, mutation + " with seed " + (SEED + i)) ? 1 : 0;
        }
        report("bundles", read);
    }

    private void report(String what, int read) {
        assertThat(read).isGreaterThan(MUTATIONS / 2);
        assertThat(seen.keySet()).contains(Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN);
        if (MUTATIONS > 1000) {
            System.out.println(MUTATIONS + " damaged " + what + ", " + read + " of them read; verdicts: " + seen);
        }
    }
}
