package trapline.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Blocks as excerpts of a Chronicle Queue: one excerpt is one block. The time provider stands still, so that the file
 * name is always the same and nothing rolls at midnight. Used by one thread.
 */
final class ChronicleSink implements BlockSink {

    private static final int PAGE_BYTES = 4096;

    private final Path directory;
    private final boolean sync;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    ChronicleSink(Path directory, boolean sync) throws IOException {
        this.directory = directory;
        this.sync = sync;
        try {
            queue = SingleChronicleQueueBuilder.single(directory.toFile())
                    .rollCycle(RollCycles.FAST_DAILY)
                    .timeProvider(() -> 0L)
                    .build();
            appender = queue.createAppender();
        } catch (RuntimeException e) {
            throw new JournalException(directory + ": cannot be written (" + reason(e) + "); choose another place", e);
        }
    }

    @Override
    public void append(byte[] block, int length) throws IOException {
        try (DocumentContext excerpt = appender.writingDocument()) {
            excerpt.wire().bytes().write(block, 0, length);
        } catch (RuntimeException | InternalError e) {
            // A full disk shows as a fault in mapped memory.
            throw new JournalException(
                    directory + ": a block could not be written (" + reason(e) + "); is the disk full?", e);
        }
        if (sync) {
            for (Path file : ChronicleFiles.dataFiles(directory)) {
                force(file);
            }
        }
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        for (Path file : ChronicleFiles.dataFiles(directory)) {
            cutUnused(file);
        }
    }

    /** Chronicle leaves 80 MiB of holes behind the last excerpt, which every tool that knows no holes would copy. */
    private static void cutUnused(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long used = QueueFile.usedBytes(channel);
            long pages = (used + QueueFile.HEADER_BYTES + PAGE_BYTES - 1) / PAGE_BYTES;
            channel.truncate(pages * PAGE_BYTES);
        }
    }
}
