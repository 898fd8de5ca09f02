package trapline.qemu;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Takes a log out of a FIFO as it comes and keeps it compressed, a thirtieth of its size. Not for several threads. */
final class LogSpool implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final RandomAccessFile both;
    private final FileInputStream fifo;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytes;

    /**
     * Opens a FIFO, for writing too: so it does not wait for a writer that may never come.
     *
     * @param file takes the log
     */
    LogSpool(Path fifo, Path file) throws IOException {
        this.both = new RandomAccessFile(fifo.toFile(), "rw");
        this.fifo = new FileInputStream(both.getFD());
        this.out = new Fast(Files.newOutputStream(file));
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Takes what is there; false if there was nothing. */
    boolean take() throws IOException {
        boolean any = false;
        while (fifo.available() > 0) {
            int count = fifo.read(buffer, 0, Math.min(buffer.length, fifo.available()));
            if (count < 0) {
                break;
            }
            out.write(buffer, 0, count);
            bytes += count;
            any = true;
        }
        return any;
    }

    /** Writes a line of ours behind what has come; the machine stands still. */
    void line(String line) throws IOException {
        take();
        out.write(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes of log so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        out.close();
        fifo.close();
        both.close();
    }
}
