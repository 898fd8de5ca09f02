package trapline.machine.bus;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which dwords of one physical page need a second look when stored to or read: one bit per dword and reason. */
public final class PageMarks {
    public static final int PAGE_BYTES = 4096;
    /** Bytes of memory that a word of bits stands for, as a shift. */
    public static final int WORD_SHIFT = 8;

    private static final int WORDS = PAGE_BYTES >> WORD_SHIFT;

    /** Reason: bytes that were decoded as instructions. */
    public static final int CODE = 0;
    /** Reason: observed variables. */
    public static final int VARIABLE = 1;
    /** Reason: observed text; looked at on reads too. */
    public static final int TEXT = 2;
    /** Reason: saved EFLAGS of live trap frames. */
    public static final int FRAME = 3;

    /** Reason: the stack above live trap frames. */
    public static final int STACK = 4;

    private static final int REASONS = 5;

    private final long[][] byReason = new long[REASONS][WORDS];
    /** All reasons together: what a store has to test. The bits of all pages, so that it is one look. */
    private final long[] any;
    /** Where this page's bits begin. */
    private final int firstWord;

    /** Variables and no other reason. */
    private final long[] variableOnly = new long[WORDS];

    private @Nullable DecodedCode[] code = new DecodedCode[4];
    private int codeCount;
    private boolean hasText;

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

    /** Marks bytes of the page. */
    public void mark(int reason, int offset, int size) {
        for (int dword = offset >> 2; dword <= (offset + size - 1) >> 2; dword++) {
            byReason[reason][dword >> 6] |= 1L << dword;
            combine(dword >> 6);
        }
        hasText |= reason == TEXT;
    }

    /** Takes the marks of bytes away, for one reason. */
    public void unmark(int reason, int offset, int size) {
        for (int dword = offset >> 2; dword <= (offset + size - 1) >> 2; dword++) {
            byReason[reason][dword >> 6] &= ~(1L << dword);
            combine(dword >> 6);
        }
    }

    /** Takes all marks away, for one reason. */
    public void unmarkAll(int reason) {
        Arrays.fill(byReason[reason], 0);
        hasText &= reason != TEXT;
        for (int i = 0; i < WORDS; i++) {
            combine(i);
        }
    }

    private void combine(int i) {
        long others = byReason[CODE][i] | byReason[TEXT][i] | byReason[FRAME][i] | byReason[STACK][i];
        any[firstWord + i] = byReason[VARIABLE][i] | others;
        variableOnly[i] = byReason[VARIABLE][i] & ~others;
    }

    /** Whether observed variables, and nothing else of interest, are in a dword. */
    public boolean isVariableDword(int offset) {
        return ((variableOnly[offset >> WORD_SHIFT] >>> (offset >> 2)) & 1) != 0;
    }

    /** Whether a store to {@code size ≤ 4} bytes needs a second look. */
    public boolean storeMatters(int offset, int size) {
        return test(any, (firstWord << WORD_SHIFT) + offset, size);
    }

    /** Whether observed text is in the page, so that reads need a second look. */
    public boolean hasText() {
        return hasText;
    }

    /** Whether a mark for a reason is on the first or last dword of {@code size ≤ 4} bytes. */
    public boolean has(int reason, int offset, int size) {
        return test(byReason[reason], offset, size);
    }

    /** Whether the first or last dword of {@code size ≤ 4} bytes is set. */
    private static boolean test(long[] bits, int offset, int size) {
        int first = offset >> 2;
        int last = (offset + size - 1) >> 2;
        return ((bits[first >> 6] >>> first) & 1) != 0 || ((bits[last >> 6] >>> last) & 1) != 0;
    }

    /** Code was decoded from this page. */
    public void addCode(DecodedCode strip) {
        if (codeCount == code.length) {
            code = Arrays.copyOf(code, 2 * codeCount);
        }
        code[codeCount++] = strip;
    }

    /** Kills the strips of code that {@code size} bytes at a physical address are part of. */
    public void killCode(int physical, int size) {
        for (int i = 0; i < codeCount; i++) {
            DecodedCode strip = code[i];
            if (strip != null && !strip.isDead() && strip.covers(physical, size)) {
                strip.kill();
            }
        }
        dropDeadCode(physical >>> 12);
    }

    /** Forgets the strips that were killed, and marks only what the others cover. */
    private void dropDeadCode(int page) {
        int live = 0;
        unmarkAll(CODE);
        for (int i = 0; i < codeCount; i++) {
            DecodedCode strip = code[i];
            if (strip != null && !strip.isDead()) {
                code[live++] = strip;
                strip.markIn(this, page);
            }
        }
        Arrays.fill(code, live, codeCount, null);
        codeCount = live;
    }
}
