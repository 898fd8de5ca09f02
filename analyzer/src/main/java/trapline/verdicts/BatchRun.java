package trapline.verdicts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import trapline.bundle.Bundle;
import trapline.checks.Check;
import trapline.checks.Verdict;
import trapline.cli.Reason;
import trapline.diff.Code;
import trapline.journal.Journal;

/**
 * Judges journals on several threads and hands out their verdicts in the given order, so that the output does not depend
 * on the number of threads. Threads that find no journal of their own help to read the others'. At most a few journals
 * more than there are threads are in work or wait to be handed out.
 */
public final class BatchRun {

    private static final int AHEAD_PER_THREAD = 4;

    private final Supplier<? extends List<? extends Check>> checks;
    private final int threads;
    private final Code.Finder code;

    /**
     * Prepares a run.
     *
     * @param checks makes fresh checks for each journal
     * @param threads at least 1
     * @param code finds the code of a journal's guest: findings name its source lines
     */
    public BatchRun(Supplier<? extends List<? extends Check>> checks, int threads, Code.Finder code) {
        this.code = code;
        this.checks = checks;
        this.threads = Math.max(1, threads);
    }

    /**
     * Judges journals.
     *
     * @param journals where they are
     * @param consumer takes the verdicts of each, in that order, on the calling thread
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void run(List<Path> journals, Consumer<JournalVerdicts> consumer) throws InterruptedException {
        if (threads == 1 || journals.size() == 1) {
            for (Path journal : journals) {
                consumer.accept(judge(journal, threads));
            }
            return;
        }
        int threadsEach = Math.max(1, threads / Math.max(1, journals.size()));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Deque<Future<JournalVerdicts>> ahead = new ArrayDeque<>();
            Iterator<Path> rest = journals.iterator();
            while (rest.hasNext() || !ahead.isEmpty()) {
                while (rest.hasNext() && ahead.size() < threads * AHEAD_PER_THREAD) {
                    Path journal = rest.next();
                    ahead.add(pool.submit(() -> judge(journal, threadsEach)));
                }
                consumer.accept(get(ahead.remove()));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static JournalVerdicts get(Future<JournalVerdicts> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private JournalVerdicts judge(Path path, int threadsEach) {
        try (Journal journal = Bundle.journal(path)) {
            JournalVerdicts verdicts = JournalVerdicts.of(journal, checks, threadsEach);
            return verdicts.count(Verdict.FAIL) == 0 ? verdicts : verdicts.withSources(code.of(journal)::source);
        } catch (IOException e) {
            return JournalVerdicts.unreadable(path, Reason.of(e));
        }
    }
}
