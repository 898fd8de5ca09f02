package trapline.block;

import java.io.Closeable;
import java.io.IOException;

/** Where finished blocks go, in their order. */
public interface BlockSink extends Closeable {

    /**
     * Stores one block.
     *
     * @param block its bytes
     * @param length number of bytes
     */
    void append(byte[] block, int length) throws IOException;

    /** Makes the next block the first of another file. */
    void roll();

    /** Deletes the oldest file. */
    void dropOldest() throws IOException;
}
