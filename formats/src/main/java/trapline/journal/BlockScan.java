package trapline.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds the blocks of a data file without trusting a byte of it. The walk follows the excerpts' headers; where one makes
 * no sense it searches on for the next block whose checksum holds, so that damage costs the blocks it hit and no more.
 */
final class BlockScan {

    private static final int WINDOW_BYTES = 1 << 20;

    private final Path path;
    private final int fileIndex;
    private final FileChannel file;
    private final long size;
    private final List<StoredBlock> blocks = new ArrayList<>();
    private final List<Damage> damage = new ArrayList<>();
    private final byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int windowLength;
    private int foreignVersion = -1;

    private BlockScan(Path path, int fileIndex, FileChannel file) throws IOException {
        this.path = path;
        this.fileIndex = fileIndex;
        this.file = file;
        this.size = file.size();
    }

    /**
     * What a scan found.
     *
     * @param blocks blocks in the order of the file
     * @param damage places that are not as they were written
     * @param foreignVersion a format version seen that this program does not read, or -1
     */
    record Found(List<StoredBlock> blocks, List<Damage> damage, int foreignVersion) {}

    static Found scan(Path path, int fileIndex, FileChannel file) throws IOException {
        BlockScan scan = new BlockScan(path, fileIndex, file);
        scan.walk();
        return new Found(scan.blocks, scan.damage, scan.foreignVersion);
    }

    private void walk() throws IOException {
        long position = 0;
        while (position + QueueFile.HEADER_BYTES <= size) {
            int header = intAt(position);
            long content = position + QueueFile.HEADER_BYTES;
            long length = header & QueueFile.LENGTH_MASK;
            boolean complete = header != 0 && (header & QueueFile.NOT_COMPLETE) == 0;
            if (!complete || content + length > size) {
                position = search(position, complete ? "excerpt of " + length + " bytes reaches past the end" : "");
            } else if ((header & QueueFile.META) != 0) {
                position = content + QueueFile.align(length);
            } else {
                position = excerpt(position, content, length);
            }
        }
    }

    private long excerpt(long position, long content, long length) throws IOException {
        StoredBlock block = blockAt(content);
        if (block == null || block.info().length() != length) {
            return search(position, "excerpt of " + length + " bytes is not a block");
        }
        blocks.add(block);
        return content + QueueFile.align(length);
    }

    /** Looks for the next block that is whole; bytes passed over are damage unless they are zeros and no reason is given. */
    private long search(long from, String reason) throws IOException {
        long firstNonZero = -1;
        for (long at = from; at + 4 <= size; at += 4) {
            int word = intAt(at);
            if (word == 0) {
                continue;
            }
            if (word == BlockLayout.MAGIC) {
                StoredBlock block = blockAt(at);
                if (block != null && isWhole(block)) {
                    report(from, at, firstNonZero, reason);
                    blocks.add(block);
                    return at + block.info().length();
                }
            }
            // The header of the block that follows is not damage of its own.
            if (firstNonZero < 0) {
                firstNonZero = at;
            }
        }
        report(from, size, firstNonZero, reason);
        return size;
    }

    private void report(long from, long to, long firstNonZero, String reason) {
        if (!reason.isEmpty()) {
            damage.add(new Damage(path, from, to - from, reason));
        } else if (firstNonZero >= 0 && to - firstNonZero > QueueFile.HEADER_BYTES) {
            damage.add(new Damage(path, firstNonZero, to - firstNonZero, "bytes that belong to no whole block"));
        }
    }

    /** The block that starts at an offset, by its header and trailer alone; null where none can. */
    private @Nullable StoredBlock blockAt(long offset) throws IOException {
        if (offset + BlockLayout.STATE_OFFSET + BlockLayout.TRAILER_BYTES > size) {
            return null;
        }
        int at = fill(offset, BlockLayout.STATE_OFFSET);
        BlockInfo info = BlockInfo.get(window, at);
        if (info == null) {
            return null;
        }
        if (BlockInfo.version(window, at) != BlockLayout.VERSION) {
            foreignVersion = BlockInfo.version(window, at);
            return null;
        }
        int previousCrc = BlockLayout.getInt(window, at + BlockLayout.PREVIOUS_CRC_OFFSET);
        long trailer = offset + info.length() - BlockLayout.TRAILER_BYTES;
        if (trailer + BlockLayout.TRAILER_BYTES > size || intAt(trailer + 4) != ~BlockLayout.MAGIC) {
            return null;
        }
        return new StoredBlock(fileIndex, offset, info, intAt(trailer), previousCrc);
    }

    private boolean isWhole(StoredBlock block) throws IOException {
        return crcHolds(block, load(file, block));
    }

    static boolean crcHolds(StoredBlock block, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, block.info().length() - BlockLayout.TRAILER_BYTES);
        return (int) crc.getValue() == block.crc();
    }

    /** Reads a block's bytes; those past the end of the file stay zero, and the checksum tells. */
    static byte[] load(FileChannel file, StoredBlock block) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(block.info().length());
        while (bytes.hasRemaining()) {
            if (file.read(bytes, block.offset() + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.array();
    }

    private int intAt(long offset) throws IOException {
        return BlockLayout.getInt(window, fill(offset, 4));
    }

    /** Makes the window hold some bytes of the file; returns their place in the window. */
    private int fill(long offset, int length) throws IOException {
        if (offset < windowStart || offset + length > windowStart + windowLength) {
            windowStart = offset;
            windowLength = 0;
            ByteBuffer into = ByteBuffer.wrap(window);
            while (into.hasRemaining() && file.read(into, windowStart + into.position()) > 0) {
                windowLength = into.position();
            }
            java.util.Arrays.fill(window, windowLength, window.length, (byte) 0);
            windowLength = Math.max(windowLength, length);
        }
        return (int) (offset - windowStart);
    }
}
