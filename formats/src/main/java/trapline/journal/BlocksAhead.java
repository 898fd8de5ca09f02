package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import trapline.block.BlockStore;
import trapline.block.JournalHeader;
import trapline.block.StoredBlock;

/**
 * Blocks in their order, decoded ahead on several threads. A block tells nothing about the one before, so they can be
 * decoded at the same time; the consumer gets them one after the other on its own thread. A block that nobody has taken
 * up when its turn comes goes from the file right into the consumer; while one is being decoded elsewhere, the consumer's
 * thread decodes one behind it. So what the consumer sees does not depend on the number of threads, and memory not on
 * that of blocks.
 */
final class BlocksAhead implements Closeable {

    private static final int AHEAD_PER_THREAD = 2;

    private final Iterator<StoredBlock> rest;
    private final BlockStore store;
    private final JournalHeader header;
    private final ExecutorService pool;
    private final int aheadMax;
    private final Deque<Turn> ahead = new ArrayDeque<>();

    /** The one used last is taken first: it is still in a cache. */
    private final Deque<BlockPass> free = new ConcurrentLinkedDeque<>();

    /**
     * Begins.
     *
     * @param threads at least 2, the caller's included
     */
    BlocksAhead(List<StoredBlock> blocks, BlockStore store, JournalHeader header, int threads) {
        this.rest = blocks.iterator();
        this.store = store;
        this.header = header;
        this.aheadMax = threads * AHEAD_PER_THREAD;
        this.pool = Executors.newFixedThreadPool(threads - 1, task -> {
            Thread thread = new Thread(task, "blocks ahead");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A block, for the first who takes it up. */
    private final class Turn implements Runnable {

        final StoredBlock block;
        final FutureTask<BlockPass> decoded = new FutureTask<>(this::decode);
        private final AtomicBoolean taken = new AtomicBoolean();

        Turn(StoredBlock block) {
            this.block = block;
        }

        boolean take() {
            return taken.compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (take()) {
                decoded.run();
            }
        }

        private BlockPass decode() throws IOException {
            BlockPass pass = load(block);
            pass.decode();
            return pass;
        }
    }

    /** The next block, to be given {@link #back} before the one after it is taken. */
    BlockPass next() throws IOException {
        while (ahead.size() < aheadMax && rest.hasNext()) {
            Turn turn = new Turn(rest.next());
            ahead.add(turn);
            pool.execute(turn);
        }
        Turn first = ahead.remove();
        if (first.take()) {
            return load(first.block);
        }
        for (Iterator<Turn> more = ahead.iterator(); !first.decoded.isDone() && more.hasNext(); ) {
            more.next().run();
        }
        return get(first.decoded);
    }

    private BlockPass load(StoredBlock block) throws IOException {
        BlockPass pass = free.poll();
        if (pass == null) {
            pass = new BlockPass(store, header);
        }
        pass.load(block);
        return pass;
    }

    private static BlockPass get(FutureTask<BlockPass> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Gives back a block that was consumed. */
    void back(BlockPass pass) {
        free.push(pass);
    }

    /** Ends the threads. They are not interrupted: that would close the journal's files under their reads. */
    @Override
    public void close() {
        ahead.forEach(Turn::take);
        pool.shutdown();
        try {
            pool.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
