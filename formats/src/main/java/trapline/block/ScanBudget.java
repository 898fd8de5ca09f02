package trapline.block;

/**
 * How much work a journal's files may cause. Bytes between good blocks are searched for the next one; honest damage is a
 * few blocks long, while a hostile file can be a terabyte of holes, or nothing but beginnings of blocks whose checksums
 * each cover megabytes.
 */
public final class ScanBudget {

    /** Bytes that may be passed over in search of a block. */
    public static final long SEARCH_BYTES = 1L << 28;

    /** Bytes of blocks that may turn out not to be whole when they are found in a search. */
    static final long CHECKSUM_BYTES = 1L << 28;

    /** Blocks of a journal at the most: more than 10^10 events. */
    public static final int BLOCKS_MAX = 1 << 19;

    private long search = SEARCH_BYTES;
    private long checksum = CHECKSUM_BYTES;
    private int blocks;

    /**
     * A budget for one scan.
     *
     * @param blocks blocks found by earlier scans of the same journal
     */
    public ScanBudget(int blocks) {
        this.blocks = blocks;
    }

    public boolean search(long bytes) {
        search -= bytes;
        return search >= 0;
    }

    public boolean checksum(long bytes) {
        checksum -= bytes;
        return checksum >= 0;
    }

    public boolean block() {
        blocks++;
        return blocks <= BLOCKS_MAX;
    }

    public int blocks() {
        return blocks;
    }
}
