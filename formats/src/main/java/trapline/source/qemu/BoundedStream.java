package trapline.source.qemu;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, as far as there are some at once; nothing is closed. */
final class BoundedStream extends FilterInputStream {

    private int left;

    BoundedStream(InputStream in, int bytes) {
        super(in);
        left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(to, offset, Math.min(length, left));
        left -= Math.max(count, 0);
        return count;
    }

    @Override
    public void close() {}
}
