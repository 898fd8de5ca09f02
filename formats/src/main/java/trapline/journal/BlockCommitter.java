package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockSink;
import trapline.block.JournalException;

/**
 * Stores blocks in their order on a thread of its own. A few buffers go round between it and the writer; when all are
 * waiting to be stored the writer waits too.
 */
final class BlockCommitter implements Closeable {

    private static final int BUFFERS = 4;

    /** Opens the place where blocks go; called on the storing thread. */
    interface SinkOpener {
        BlockSink open() throws IOException;
    }

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread storing = new Thread(task, "trapline-journal");
        storing.setDaemon(true);
        return storing;
    });
    private final BlockingQueue<BlockBuffer> free = new ArrayBlockingQueue<>(BUFFERS);
    private final Future<BlockWriter> writer;
    private volatile @Nullable IOException failure;

    BlockCommitter(SinkOpener opener, int cpus, JournalOptions options) {
        for (int i = 0; i < BUFFERS; i++) {
            free.add(new BlockBuffer(cpus));
        }
        writer = thread.submit(() -> new BlockWriter(opener.open(), options));
    }

    /** A buffer to fill; waits until one is stored. */
    BlockBuffer takeBuffer() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a block was being stored", e);
        }
    }

    /**
     * Stores a block of events, later.
     *
     * @throws UncheckedIOException if an earlier block could not be stored: there is no sense in going on
     */
    void events(BlockBuffer block) {
        IOException failed = failure;
        if (failed != null) {
            free.add(block);
            throw new UncheckedIOException(failed.getMessage(), failed);
        }
        thread.execute(() -> {
            try {
                if (failure == null) {
                    block.writeTo(writer.get());
                }
            } catch (IOException e) {
                failure = e;
            } catch (InterruptedException | ExecutionException | RuntimeException e) {
                failure = failure(e);
            } finally {
                free.add(block);
            }
        });
    }

    /** Waits until all blocks are stored. */
    void flush() throws IOException {
        await(thread.submit(() -> ""));
    }

    /** Begins the journal. */
    void begin(byte[] header) throws IOException {
        await(thread.submit(() -> {
            writer.get().begin(header);
            return "";
        }));
    }

    /** Ends the journal behind the blocks stored so far. */
    void end(long ordinal, long step, byte[] footer) throws IOException {
        flush();
        await(thread.submit(() -> {
            writer.get().end(ordinal, step, footer);
            return "";
        }));
    }

    /** The digest of all events stored so far; waits for them. */
    String digest() throws IOException {
        return await(thread.submit(() -> writer.get().digest()));
    }

    private <T> T await(Future<T> future) throws IOException {
        try {
            T result = future.get();
            IOException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return result;
        } catch (InterruptedException | ExecutionException e) {
            throw failure(e);
        }
    }

    private static IOException failure(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new JournalException("interrupted while the journal was being written", e);
        }
        Throwable cause = e;
        while (cause instanceof ExecutionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException io
                ? io
                : new JournalException("the journal could not be written: " + cause, cause);
    }

    /** Ends the thread; a failure to store a block that nobody has been told of is thrown. */
    @Override
    public void close() throws IOException {
        try {
            Future<String> closed = thread.submit(() -> {
                writer.get().close();
                return "";
            });
            closed.get();
            flush();
        } catch (InterruptedException | ExecutionException e) {
            throw failure(e);
        } finally {
            thread.shutdown();
        }
    }
}
