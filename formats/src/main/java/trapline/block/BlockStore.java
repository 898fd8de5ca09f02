package trapline.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Where the blocks of a journal lie: the data files of a directory, or a bundle. Several threads may load at once. */
public interface BlockStore extends Closeable {

    /**
     * Looks for blocks that were not there at the last call; the first call finds all.
     *
     * @param finder told of blocks in the order of their places
     * @param damage takes what is no block
     */
    void scan(Finder finder, DamageLog damage) throws IOException;

    /**
     * Reads a block.
     *
     * @return its bytes; those that the file does not have any more are zero, and the checksum tells
     */
    byte[] load(StoredBlock block) throws IOException;

    /**
     * Reads a block into an array if it is large enough, else into a new one.
     *
     * @return the array with the block's bytes at its beginning; what follows them is undefined
     */
    default byte[] load(StoredBlock block, byte[] into) throws IOException {
        return load(block);
    }

    /** The file that a block's index means. */
    Path file(int index);

    /** Whether blocks at the beginning and at the end were left out on purpose. */
    default boolean isSlice() {
        return false;
    }

    /** A newer format version than ours that a scan has seen, or -1. */
    int newerVersion();

    /** Takes the blocks that a scan finds. */
    interface Finder {
        void found(StoredBlock block) throws IOException;
    }
}
