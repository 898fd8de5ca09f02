package trapline.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.DamageLog;
import trapline.block.ScanBudget;
import trapline.block.StoredBlock;

/**
 * Finds the blocks of a data file without trusting a byte of it. The walk follows the excerpts' headers; where one makes
 * no sense it searches on for the next block whose checksum holds, so that damage costs the blocks it hit and no more.
 * {@link ScanBudget} bounds the search.
 */
final class BlockScan {

    private static final int WALK_BYTES = 1 << 12;
    private static final int SEARCH_BYTES = 1 << 18;
    private static final int UNFINISHED_BYTES_MAX = BlockLayout.STATE_BYTES_MAX + BlockLayout.EVENTS_BYTES_MAX;

    private final Path path;
    private final int fileIndex;
    private final FileChannel file;
    private final FileWindow walk;
    private final byte[] trailer = new byte[BlockLayout.TRAILER_BYTES];
    private BlockStore.Finder finder = block -> {};
    private DamageLog damage = new DamageLog();
    private ScanBudget budget = new ScanBudget(0);
    private boolean again;
    private long size;
    private long position;
    private long lastNonZero;
    private boolean givenUp;
    private int newerVersion = -1;

    BlockScan(Path path, int fileIndex, FileChannel file) {
        this.path = path;
        this.fileIndex = fileIndex;
        this.file = file;
        this.walk = new FileWindow(file, WALK_BYTES);
    }

    /** A format version newer than ours that was seen, or -1. */
    int newerVersion() {
        return newerVersion;
    }

    /**
     * Goes on to the file's end as it is now, or to the block that is being written. What follows an unfinished block is
     * searched for others at the first call only: later ones follow a writer.
     */
    void advance(BlockStore.Finder toFinder, DamageLog toDamage, ScanBudget withBudget) throws IOException {
        finder = toFinder;
        damage = toDamage;
        budget = withBudget;
        size = file.size();
        walk.forget();
        boolean more = !givenUp;
        while (more && position + QueueFile.HEADER_BYTES <= size) {
            more = step();
        }
        again = true;
    }

    private boolean step() throws IOException {
        int header = walk.intAt(position);
        long content = position + QueueFile.HEADER_BYTES;
        long length = header & QueueFile.LENGTH_MASK;
        if (header == 0 || (header & QueueFile.NOT_COMPLETE) != 0) {
            return !again && search("");
        }
        if (content + length > size) {
            return search("excerpt of " + length + " bytes reaches past the end");
        }
        if ((header & QueueFile.META) == 0) {
            StoredBlock block = blockAt(content);
            if (block == null || block.info().length() != length) {
                return search("excerpt of " + length + " bytes is not a block");
            }
            if (!found(block)) {
                return false;
            }
        }
        position = content + QueueFile.align(length);
        return true;
    }

    private boolean found(StoredBlock block) throws IOException {
        if (!budget.block()) {
            return giveUp("more than " + ScanBudget.BLOCKS_MAX + " blocks");
        }
        finder.found(block);
        return true;
    }

    /**
     * Looks for the next block that is whole. Bytes passed over are damage, unless no reason is given and they are
     * nothing but zeros and one header: where an unfinished file ends.
     *
     * @return false where there is none; the position then stays
     */
    private boolean search(String reason) throws IOException {
        FileWindow window = new FileWindow(file, SEARCH_BYTES);
        long firstNonZero = -1;
        lastNonZero = -1;
        for (long from = position; from + 4 <= size; from += SEARCH_BYTES) {
            int count = (int) Math.min(SEARCH_BYTES, size - from) & ~3;
            if (!budget.search(count)) {
                report(from, firstNonZero, reason);
                return giveUp("no whole block in " + ScanBudget.SEARCH_BYTES + " bytes");
            }
            window.at(from, count);
            for (int i = nonZero(window.bytes, 0, count); i < count; i = nonZero(window.bytes, i + 4, count)) {
                if (BlockLayout.getInt(window.bytes, i) == BlockLayout.MAGIC) {
                    StoredBlock block = blockAt(from + i);
                    if (block != null && isWhole(block)) {
                        report(from + i, firstNonZero, reason);
                        position = from + i + block.info().length();
                        return found(block);
                    }
                    if (givenUp || !budget.search(WALK_BYTES)) {
                        report(size, firstNonZero, reason);
                        return givenUp ? false : giveUp("too many beginnings of blocks");
                    }
                }
                // The header of the block that follows is not damage of its own.
                firstNonZero = firstNonZero < 0 ? from + i : firstNonZero;
                lastNonZero = from + i;
            }
        }
        report(size, firstNonZero, reason);
        return false;
    }

    /** Index of the first word that is not zero, or a number that is not below the count. */
    private static int nonZero(byte[] bytes, int from, int count) {
        int at = from;
        while (at + 8 <= count && BlockLayout.getLong(bytes, at) == 0) {
            at += 8;
        }
        while (at < count && BlockLayout.getInt(bytes, at) == 0) {
            at += 4;
        }
        return at;
    }

    private void report(long to, long firstNonZero, String reason) {
        if (!reason.isEmpty()) {
            damage.add(path, position, to - position, reason);
        } else if (firstNonZero >= 0 && to - firstNonZero > QueueFile.HEADER_BYTES && !isUnfinished(to)) {
            damage.add(path, firstNonZero, to - firstNonZero, "bytes that belong to no whole block");
        }
    }

    /** A block that was being written when its writer was stopped is no damage: it was never committed. */
    private boolean isUnfinished(long to) {
        return to == size && lastNonZero - position <= UNFINISHED_BYTES_MAX;
    }

    private boolean giveUp(String why) {
        damage.leftOut(path, position, size - position, why + "; the rest of the file is left unread");
        givenUp = true;
        return false;
    }

    /** The block that starts at an offset, by its header and trailer alone; null where none can. */
    private @Nullable StoredBlock blockAt(long offset) throws IOException {
        if (offset + BlockLayout.STATE_OFFSET + BlockLayout.TRAILER_BYTES > size) {
            return null;
        }
        int at = walk.at(offset, BlockLayout.STATE_OFFSET);
        BlockInfo info = BlockInfo.get(walk.bytes, at);
        if (info == null || offset + info.length() > size) {
            return null;
        }
        int version = BlockInfo.version(walk.bytes, at);
        if (version != BlockLayout.VERSION) {
            newerVersion = version;
            return null;
        }
        int read = FileWindow.read(
                file, offset + info.length() - BlockLayout.TRAILER_BYTES, trailer, BlockLayout.TRAILER_BYTES);
        return read == BlockLayout.TRAILER_BYTES
                ? StoredBlock.of(fileIndex, offset, info, walk.bytes, at, trailer)
                : null;
    }

    private boolean isWhole(StoredBlock block) throws IOException {
        if (block.isIntact(load(file, block))) {
            return true;
        }
        if (!budget.checksum(block.info().length())) {
            giveUp("too many blocks that are not whole");
        }
        return false;
    }

    /** Reads a block's bytes; those past the end of the file stay zero. */
    static byte[] load(FileChannel file, StoredBlock block) throws IOException {
        byte[] bytes = new byte[block.info().length()];
        load(file, block, bytes);
        return bytes;
    }

    /** As above, into an array that is large enough. */
    static void load(FileChannel file, StoredBlock block, byte[] into) throws IOException {
        int length = block.info().length();
        int read = FileWindow.read(file, block.offset(), into, length);
        Arrays.fill(into, read, length, (byte) 0);
    }
}
