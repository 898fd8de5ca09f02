package trapline.block;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A block that a scan has found.
 *
 * @param file index of the data file in the journal
 * @param offset where the block starts in the file, in bytes
 * @param info its header
 * @param crc the checksum that it carries
 * @param previousCrc the checksum that it says the block before it carries
 * @param journal which journal it says it belongs to
 */
public record StoredBlock(int file, long offset, BlockInfo info, int crc, int previousCrc, int journal) {

    /**
     * A block by its header and its trailer; the bytes between are not looked at.
     *
     * @param head {@link BlockLayout#STATE_OFFSET} bytes from {@code at} on
     * @param trailer {@link BlockLayout#TRAILER_BYTES} bytes
     * @return null where they are not those of a block
     */
    public static @Nullable StoredBlock of(int file, long offset, BlockInfo info, byte[] head, int at, byte[] trailer) {
        if (BlockLayout.getInt(trailer, 4) != ~BlockLayout.MAGIC) {
            return null;
        }
        return new StoredBlock(
                file,
                offset,
                info,
                BlockLayout.getInt(trailer, 0),
                BlockLayout.getInt(head, at + BlockLayout.PREVIOUS_CRC_OFFSET),
                BlockLayout.getInt(head, at + BlockLayout.JOURNAL_OFFSET));
    }

    /** Whether a block's bytes are those that its checksum was made of, and still those that the scan saw. */
    public boolean isIntact(byte[] bytes) {
        int trailer = info.length() - BlockLayout.TRAILER_BYTES;
        if (bytes.length < info.length() || !info.equals(BlockInfo.get(bytes, 0))) {
            return false;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, trailer);
        return (int) checksum.getValue() == crc;
    }
}
