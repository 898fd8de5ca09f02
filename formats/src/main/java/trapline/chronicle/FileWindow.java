package trapline.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import trapline.block.BlockLayout;

/** A part of a file in memory, moved along as places outside it are asked for. Bytes behind the file's end read as zero. */
public final class FileWindow {

    final byte[] bytes;
    private final FileChannel file;
    private long start;
    private int length;

    FileWindow(FileChannel file, int size) {
        this.file = file;
        this.bytes = new byte[size];
    }

    /** Makes the window hold some bytes of the file; returns their place in {@link #bytes}. */
    int at(long offset, int count) throws IOException {
        if (offset < start || offset + count > start + length) {
            start = offset;
            length = read(file, offset, bytes, bytes.length);
            Arrays.fill(bytes, length, bytes.length, (byte) 0);
            length = Math.max(length, count);
        }
        return (int) (offset - start);
    }

    int intAt(long offset) throws IOException {
        return BlockLayout.getInt(bytes, at(offset, 4));
    }

    /** Forgets what was read: the file may have changed. */
    void forget() {
        length = 0;
    }

    /** Reads up to the file's end; returns the number of bytes. */
    public static int read(FileChannel file, long offset, byte[] into, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
        while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) > 0) {
            // a read may return less than was asked for
        }
        return buffer.position();
    }
}
