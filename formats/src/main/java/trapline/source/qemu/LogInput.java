package trapline.source.qemu;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A log as it lies on disk or comes through a FIFO: plain, gzip or zstd, told apart by its first bytes. */
public final class LogInput implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC_BYTES = 4;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int ZSTD_MAGIC = 0x28b52ffd;

    private final Counted counted;
    private final InputStream log;
    private final long size;

    private LogInput(Counted counted, InputStream log, long size) {
        this.counted = counted;
        this.log = log;
        this.size = size;
    }

    /**
     * Opens one.
     *
     * @param path a file or a FIFO
     * @throws IOException if it cannot be read
     */
    public static LogInput open(Path path) throws IOException {
        long size = isSeekable(path) ? Files.size(path) : -1;
        return of(size < 0 ? new FileInputStream(path.toFile()) : Files.newInputStream(path), size);
    }

    /**
     * Takes an open stream.
     *
     * @param in the stream, closed with the result
     * @param size its length in bytes, -1 if that is not known
     */
    public static LogInput of(InputStream in, long size) throws IOException {
        Counted counted = new Counted(in);
        BufferedInputStream buffered = new BufferedInputStream(counted, BUFFER_BYTES);
        buffered.mark(MAGIC_BYTES);
        int magic = 0;
        for (int i = 0; i < MAGIC_BYTES; i++) {
            magic = (magic << 8) | (buffered.read() & 0xff);
        }
        buffered.reset();
        InputStream log = magic >>> 16 == GZIP_MAGIC
                ? new GZIPInputStream(buffered, BUFFER_BYTES)
                : magic == ZSTD_MAGIC ? new ZstdInputStream(buffered) : buffered;
        return new LogInput(counted, log, size);
    }

    /** Whether a path can be read twice. */
    public static boolean isSeekable(Path path) {
        return Files.isRegularFile(path);
    }

    /** The text of the log. */
    public InputStream log() {
        return log;
    }

    /** Bytes on disk; -1 if that is not known. */
    public long size() {
        return size;
    }

    /** Bytes of those that were read. */
    public long read() {
        return counted.bytes;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            bytes += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = super.read(to, offset, length);
            bytes += Math.max(count, 0);
            return count;
        }
    }
}
