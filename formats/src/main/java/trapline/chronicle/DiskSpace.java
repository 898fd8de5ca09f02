package trapline.chronicle;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Gets disk space for a block before Chronicle writes it. Chronicle writes to mapped holes of a file, where a full disk is
 * a fault of the memory, after half of a block. So the place where the next block goes is filled with zeros by ordinary
 * writes first: those fail cleanly, and every block before stays as it is.
 */
final class DiskSpace implements Closeable {

    private static final int CHUNK_BYTES = 1 << 18;
    static final int PAGE_BYTES = 4096;

    /** What Chronicle may put between two blocks: pages of its index. */
    private static final int SLACK_BYTES = 1 << 17;

    /** What a new file takes for Chronicle's own tables. */
    private static final long NEW_FILE_BYTES = 1 << 20;

    private final Path directory;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private @Nullable FileChannel file;
    private long used;
    private long backed;

    DiskSpace(Path directory) {
        this.directory = directory;
    }

    /** The data file that blocks go to; null before its first block. */
    @Nullable FileChannel file() {
        return file;
    }

    /** Sees to it that a block of this length can be appended. */
    void reserve(int length) throws IOException {
        FileChannel open = file;
        if (open == null) {
            if (Files.getFileStore(directory).getUsableSpace() < NEW_FILE_BYTES + length) {
                throw new IOException("No space left on device");
            }
            return;
        }
        used = QueueFile.usedBytes(open, used);
        long needed = used + length + SLACK_BYTES;
        while (backed < needed) {
            zeros.clear();
            while (zeros.hasRemaining()) {
                backed += open.write(zeros, backed);
            }
        }
    }

    /** A file has got its first block: holes in what Chronicle has laid out in it are filled too. */
    void opened(Path path) throws IOException {
        close();
        FileChannel open = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        file = open;
        used = QueueFile.usedBytes(open, 0);
        ByteBuffer same = ByteBuffer.allocate((int) Math.min(used, Integer.MAX_VALUE / 2));
        while (same.hasRemaining() && open.read(same, same.position()) > 0) {
            // a read may return less than was asked for
        }
        same.flip();
        backed = 0;
        while (same.hasRemaining()) {
            backed += open.write(same, backed);
        }
        dropReadAhead(path);
    }

    /**
     * Cuts off the holes behind what is filled, and puts them back. Chronicle's first touch of the mapped file made the
     * kernel read ahead, and it would go on so: each time a page is reached that it has marked, it fills the next 16 MiB of
     * holes with zeros, in the middle of a store, which takes 20 ms. Cut pages are forgotten, marks and all; those that are
     * filled by {@link #reserve} have none.
     */
    private void dropReadAhead(Path path) throws IOException {
        try (RandomAccessFile whole = new RandomAccessFile(path.toFile(), "rw")) {
            long length = whole.length();
            long filled = (backed + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
            whole.setLength(Math.min(filled, length));
            whole.setLength(length);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
