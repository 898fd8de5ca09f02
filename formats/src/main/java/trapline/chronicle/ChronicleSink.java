package trapline.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockSink;
import trapline.block.StorageException;

/**
 * Blocks as excerpts of a Chronicle Queue: one excerpt is one block. The queue's clock stands still, so that file names
 * are always the same and nothing rolls at midnight; each {@link #roll} moves it on by a day. Used by one thread.
 */
public final class ChronicleSink implements BlockSink {

    private static final long DAY_MILLIS = 86_400_000;

    private final Path directory;
    private final boolean sync;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private final DiskSpace space;
    private long day;
    private boolean newFile = true;

    public ChronicleSink(Path directory, boolean sync) throws IOException {
        this.directory = directory;
        this.sync = sync;
        this.space = new DiskSpace(directory);
        try {
            space.reserve(DiskSpace.PAGE_BYTES);
            queue = SingleChronicleQueueBuilder.single(directory.toFile())
                    .rollCycle(RollCycles.FAST_DAILY)
                    .timeProvider(() -> day * DAY_MILLIS)
                    .build();
            appender = queue.createAppender();
        } catch (IOException | RuntimeException | InternalError e) {
            throw failure(e);
        }
    }

    @Override
    public void append(byte[] block, int length) throws IOException {
        try {
            space.reserve(length);
            try (DocumentContext excerpt = appender.writingDocument()) {
                excerpt.wire().bytes().write(block, 0, length);
            }
            Path finished = newFile ? openNewFile() : null;
            FileChannel file = space.file();
            if (sync && file != null) {
                file.force(true);
            }
            if (finished != null) {
                cutUnused(finished);
            }
        } catch (IOException | RuntimeException | InternalError e) {
            throw failure(e);
        }
    }

    /** Turns to the file that Chronicle has just made; returns the one before it. */
    private @Nullable Path openNewFile() throws IOException {
        List<Path> files = ChronicleFiles.dataFiles(directory);
        space.opened(files.get(files.size() - 1));
        newFile = false;
        if (sync) {
            try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
        return files.size() > 1 ? files.get(files.size() - 2) : null;
    }

    @Override
    public void roll() {
        day++;
        newFile = true;
    }

    @Override
    public void dropOldest() throws IOException {
        Files.deleteIfExists(ChronicleFiles.dataFiles(directory).get(0));
    }

    private StorageException failure(Throwable e) {
        if (e instanceof StorageException known) {
            return known;
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String advice = reason.contains("No space left") || e instanceof InternalError
                ? "; the disk is full: what was written before is kept, free some space or choose another place"
                : "; choose another place";
        return new StorageException(directory + ": cannot be written (" + reason + ")" + advice, e);
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        space.close();
        List<Path> files = ChronicleFiles.dataFiles(directory);
        if (!files.isEmpty()) {
            cutUnused(files.get(files.size() - 1));
        }
    }

    /**
     * Cuts what is behind the last excerpt. Chronicle leaves 80 MiB of holes there, which every tool that knows no holes
     * would copy.
     */
    private static void cutUnused(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long used = QueueFile.usedBytes(file, 0);
            long pages = (used + QueueFile.HEADER_BYTES + DiskSpace.PAGE_BYTES - 1) / DiskSpace.PAGE_BYTES;
            file.truncate(pages * DiskSpace.PAGE_BYTES);
        }
    }
}
