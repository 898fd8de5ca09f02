package trapline.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which dwords of one physical page need a second look when stored to or read: one bit per dword and reason. */
final class PageMarks {
    static final int PAGE_BYTES = 4096;
    /** Bytes of memory that a word of bits stands for, as a shift. */
    static final int WORD_SHIFT = 8;

    private static final int WORDS = PAGE_BYTES >> WORD_SHIFT;

    /** Reason: bytes that were decoded as instructions. */
    static final int CODE = 0;
    /** Reason: observed variables. */
    static final int VARIABLE = 1;
    /** Reason: observed text; looked at on reads too. */
    static final int TEXT = 2;
    /** Reason: saved EFLAGS of live trap frames. */
    static final int FRAME = 3;

    private static final int REASONS = 4;

    private final long[][] byReason = new long[REASONS][WORDS];
    /** All reasons together: what a store has to test. The bits of all pages, so that it is one look. */
    private final long[] any;
    /** Where this page's bits begin. */
    private final int firstWord;

    /** Variables and no other reason. */
    private final long[] variableOnly = new long[WORDS];

    private @Nullable Block[] blocks = new Block[4];
    private int blockCount;
    boolean hasText;

    /**
     * No marks yet.
     *
     * @param any the marks of all pages, one bit per dword, to be kept up to date
     * @param page number of the page
     */
    PageMarks(long[] any, int page) {
        this.any = any;
        firstWord = page * WORDS;
    }

    void mark(int reason, int offset, int size) {
        for (int dword = offset >> 2; dword <= (offset + size - 1) >> 2; dword++) {
            byReason[reason][dword >> 6] |= 1L << dword;
            combine(dword >> 6);
        }
        hasText |= reason == TEXT;
    }

    void unmark(int reason, int offset, int size) {
        for (int dword = offset >> 2; dword <= (offset + size - 1) >> 2; dword++) {
            byReason[reason][dword >> 6] &= ~(1L << dword);
            combine(dword >> 6);
        }
    }

    void unmarkAll(int reason) {
        Arrays.fill(byReason[reason], 0);
        hasText &= reason != TEXT;
        for (int i = 0; i < WORDS; i++) {
            combine(i);
        }
    }

    private void combine(int i) {
        long others = byReason[CODE][i] | byReason[TEXT][i] | byReason[FRAME][i];
        any[firstWord + i] = byReason[VARIABLE][i] | others;
        variableOnly[i] = byReason[VARIABLE][i] & ~others;
    }

    /** Whether observed variables, and nothing else of interest, are in a dword. */
    boolean isVariableDword(int offset) {
        return ((variableOnly[offset >> WORD_SHIFT] >>> (offset >> 2)) & 1) != 0;
    }

    boolean storeMatters(int offset, int size) {
        return test(any, (firstWord << WORD_SHIFT) + offset, size);
    }

    boolean has(int reason, int offset, int size) {
        return test(byReason[reason], offset, size);
    }

    /** Whether the first or last dword of {@code size ≤ 4} bytes is set. */
    private static boolean test(long[] bits, int offset, int size) {
        int first = offset >> 2;
        int last = (offset + size - 1) >> 2;
        return ((bits[first >> 6] >>> first) & 1) != 0 || ((bits[last >> 6] >>> last) & 1) != 0;
    }

    void addBlock(Block block) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockCount);
        }
        blocks[blockCount++] = block;
    }

    /** Kills the blocks that {@code size} bytes at a physical address are part of. */
    void killBlocks(int physical, int size) {
        for (int i = 0; i < blockCount; i++) {
            Block block = blocks[i];
            if (block != null && !block.dead && block.covers(physical, size)) {
                block.kill();
            }
        }
        dropDeadBlocks(physical >>> 12);
    }

    /** Forgets the blocks that were killed, and marks only what the others cover. */
    private void dropDeadBlocks(int page) {
        int live = 0;
        unmarkAll(CODE);
        for (int i = 0; i < blockCount; i++) {
            Block block = blocks[i];
            if (block != null && !block.dead) {
                blocks[live++] = block;
                block.markIn(this, page);
            }
        }
        Arrays.fill(blocks, live, blockCount, null);
        blockCount = live;
    }
}
