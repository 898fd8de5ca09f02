package trapline.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The framing of a Chronicle Queue data file ({@code .cq4}): excerpts one after the other, each behind a 4-byte header,
 * each starting at a multiple of 4.
 *
 * <pre>
 * bit 31  not complete       bit 30  Chronicle's own (store header, index)       bits 0..29  length in bytes
 * a header of 0 ends the file
 * </pre>
 */
public final class QueueFile {

    public static final int HEADER_BYTES = 4;
    static final int NOT_COMPLETE = 1 << 31;
    public static final int META = 1 << 30;
    public static final int LENGTH_MASK = META - 1;

    private QueueFile() {}

    /**
     * Length of the used part: where the walk over complete excerpts ends.
     *
     * @param from where to begin: 0, or an earlier result
     */
    public static long usedBytes(FileChannel file, long from) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long position = from;
        while (true) {
            word.clear();
            if (file.read(word, position) < HEADER_BYTES) {
                return position;
            }
            int header = word.getInt(0);
            if (header == 0 || (header & NOT_COMPLETE) != 0) {
                return position;
            }
            position += HEADER_BYTES + align(header & LENGTH_MASK);
        }
    }

    public static long align(long length) {
        return (length + 3) & ~3L;
    }
}
