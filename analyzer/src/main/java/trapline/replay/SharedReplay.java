package trapline.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trapline.journal.Journal;

/**
 * Replays a journal without replaying all of it: passages that {@linkplain Repeats come again} are taken as a whole. On
 * several threads, each with a {@link Crew} of its own, they share the parts of it:
 *
 * <pre>
 *   lead | part 1 | part 2 | part 3 | ... | end
 *   crew 0   crew 0   crew 1   crew 0         crew 0
 * </pre>
 *
 * What is known behind the lead is assumed to hold at the begin of every part, because in a long run the same happens
 * again and again; and each part must end with it again. Then, one after the other, all assumptions were right, and what
 * the crews have counted can be added up. Where one was wrong, where events are missing, or where there is something to
 * cite from another part, all of it is forgotten and the journal is replayed by one crew; first with passages taken as a
 * whole, then, if there is something to cite from those, event by event.
 */
public final class SharedReplay {

    /** Of the lead, where the probes are registered, and of the end. */
    private static final int EDGE_BLOCKS = 1;

    private static final int PART_BLOCKS_MIN = 2;
    private static final int PART_BLOCKS_MAX = 16;
    private static final int PARTS_PER_THREAD = 4;

    private final PartSource source;
    private final int edge;
    private final int partBlocks;
    private final int parts;
    private final AtomicInteger next = new AtomicInteger(1);

    /** The first event of each part; behind the end of the part before it: the same if all is well. */
    private final long[] begins;

    private final long[] ends;
    /** Whether all parts so far can be put together. Threads only ever make it false: none may undo what another found. */
    private volatile boolean fits = true;

    /**
     * Divides a stream.
     *
     * @param edge blocks of the lead, and of the end
     * @param partBlocks blocks of each part between the two, at least 1; the last one may be shorter
     */
    SharedReplay(PartSource source, int edge, int partBlocks) {
        this.source = source;
        this.edge = edge;
        this.partBlocks = partBlocks;
        parts = 2 + (source.blocks() - 2 * edge + partBlocks - 1) / partBlocks;
        begins = new long[parts];
        ends = new long[parts];
    }

    /**
     * Replays a journal.
     *
     * @param threads how many may work on it, at least 1
     * @param crews makes fresh crews of the same kind, also for several threads at a time: one for each thread, one for
     *     each passage that comes again, and one more if the journal must be read from begin to end
     * @return the crew that has seen all events, or knows what the others have seen; not ended yet
     * @throws IOException if the journal cannot be read
     */
    public static <C extends Crew> C read(Journal journal, int threads, Supplier<? extends C> crews)
            throws IOException {
        PartSource source = PartSource.of(journal);
        int partBlocks = Math.min(PART_BLOCKS_MAX, (source.blocks() - 2 * EDGE_BLOCKS) / (threads * PARTS_PER_THREAD));
        C crew = crews.get();
        boolean inParts = journal.isWhole() && crew.replay().inParts();
        boolean recurs = inParts && source.isFromBegin();
        if (inParts && threads > 1 && partBlocks >= PART_BLOCKS_MIN) {
            Repeats repeats = new Repeats(crew.replay(), crews);
            if (new SharedReplay(source, EDGE_BLOCKS, partBlocks).run(repeats, threads, crews)) {
                return crew;
            }
            recurs &= repeats.taken() > 0;
            crew = crews.get();
        }
        if (recurs) {
            if (alone(source, new Repeats(crew.replay(), crews))) {
                return crew;
            }
            crew = crews.get();
        }
        journal.read(crew, threads);
        return crew;
    }

    /** Replays a stream as one part. */
    static boolean alone(PartSource source, Repeats repeats) throws IOException {
        Part part = new Part(repeats, null, Long.MAX_VALUE);
        source.read(0, source.blocks(), part);
        repeats.end();
        return part.isWhole() && repeats.holds();
    }

    /**
     * Replays all parts, on at least two threads.
     *
     * @param repeats takes the lead and the end, and in between shares the parts with others
     * @return whether it now knows what one replay of the whole stream would know; if not, nothing may be asked of it
     */
    boolean run(Repeats repeats, int threads, Supplier<? extends Crew> crews) throws IOException {
        Junction lead = replay(repeats, 0, null);
        if (lead == null) {
            return false;
        }
        List<Repeats> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(new Repeats(crews.get().replay(), crews));
        }
        share(repeats, others, lead);
        if (!fits || !end(repeats, lead)) {
            return false;
        }
        repeats.end();
        for (Repeats other : others) {
            other.end();
            repeats.replay().add(other.replay(), 1);
        }
        return true;
    }

    private void share(Repeats repeats, List<Repeats> others, Junction lead) {
        ExecutorService pool = Executors.newFixedThreadPool(others.size(), task -> {
            Thread thread = new Thread(task, "replay of parts");
            thread.setDaemon(true);
            return thread;
        });
        others.forEach(other -> pool.execute(() -> share(other, lead)));
        pool.shutdown();
        share(repeats, lead);
        try {
            if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                fits = false;
            }
        } catch (InterruptedException e) {
            fits = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Replays parts until there are no more. */
    private void share(Repeats repeats, Junction lead) {
        try {
            for (int part = next.getAndIncrement(); fits && part < parts - 1; part = next.getAndIncrement()) {
                Junction end = replay(repeats, part, lead);
                if (end == null || !end.sameAs(lead)) {
                    fits = false;
                }
            }
        } catch (IOException | RuntimeException e) {
            // If it is there to stay, the crew that replays everything will meet it too, in its place.
            fits = false;
        }
    }

    /**
     * Replays a part.
     *
     * @param from what is known at its begin; null for the lead
     * @return what is known at its end; null where the parts cannot be put together
     */
    private @Nullable Junction replay(Repeats repeats, int number, @Nullable Junction from) throws IOException {
        int first = number == 0 ? 0 : edge + (number - 1) * partBlocks;
        int tail = Math.min(edge + number * partBlocks, source.blocks() - edge);
        Part part = new Part(repeats, from, source.firstOrdinal(tail));
        Replay replay = repeats.replay();
        source.read(first, tail + 1, part);
        begins[number] = part.begin();
        ends[number] = part.end();
        return part.isWhole() && replay.certain() ? replay.junction(from) : null;
    }

    /** Replays the last part, and tells whether each part has begun where the one before it has ended. */
    private boolean end(Repeats repeats, Junction lead) throws IOException {
        Part part = new Part(repeats, lead, Long.MAX_VALUE);
        source.read(source.blocks() - edge, source.blocks(), part);
        begins[parts - 1] = part.begin();
        boolean fitsTogether = part.isWhole() && repeats.replay().certain();
        for (int number = 1; number < parts; number++) {
            fitsTogether &= begins[number] == ends[number - 1];
        }
        return fitsTogether;
    }
}
