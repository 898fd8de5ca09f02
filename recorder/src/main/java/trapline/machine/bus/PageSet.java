package trapline.machine.bus;

import java.util.Arrays;

/**
 * The contents of all pages of RAM at one moment. Immutable: what changed since is in a new set, which shares all else
 * with the old one, so that a set costs, and two sets differ by, what was written between them.
 *
 * <pre>
 *   set ──► chunk 0 ──► page 0 … page 255      a chunk without a changed page is the old set's
 *      └──► chunk 1 ──► page 256 …             a page without a change is the old chunk's
 * </pre>
 */
public final class PageSet {
    static final int CHUNK_SHIFT = 8;
    static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;

    private final byte[][][] chunks;

    /** A set in which all pages hold the same bytes. */
    PageSet(int pages, byte[] content) {
        chunks = new byte[(pages + CHUNK_PAGES - 1) >> CHUNK_SHIFT][][];
        byte[][] chunk = new byte[CHUNK_PAGES][];
        Arrays.fill(chunk, content);
        Arrays.fill(chunks, chunk);
    }

    private PageSet(byte[][][] chunks) {
        this.chunks = chunks;
    }

    /** A set of zeros, to be filled by {@link #withPages}. */
    public static PageSet zeros(int pages) {
        return new PageSet(pages, new byte[PageMarks.PAGE_BYTES]);
    }

    /** This set with other contents of the {@code count} pages from {@code first} on; those that are all zero stay. */
    public PageSet withPages(int first, byte[] contents, int count) {
        int[] changed = new int[count];
        byte[][] given = new byte[count][];
        int used = 0;
        for (int i = 0; i < count; i++) {
            int from = i * PageMarks.PAGE_BYTES;
            byte[] page = Arrays.copyOfRange(contents, from, from + PageMarks.PAGE_BYTES);
            if (!isZero(page)) {
                changed[used] = first + i;
                given[used++] = page;
            }
        }
        return with(changed, used, given);
    }

    /** Whether a page is all zero. */
    public static boolean isZero(byte[] page) {
        int at = 0;
        while (at < page.length && page[at] == 0) {
            at++;
        }
        return at == page.length;
    }

    int chunks() {
        return chunks.length;
    }

    /** The content of a page, not to be changed. */
    public byte[] page(int page) {
        return chunks[page >> CHUNK_SHIFT][page & (CHUNK_PAGES - 1)];
    }

    /** Whether a chunk is the very same in both: then all its pages are. */
    boolean sharesChunk(PageSet other, int chunk) {
        return chunks[chunk] == other.chunks[chunk];
    }

    /**
     * This set with other contents of some pages.
     *
     * @param changed numbers of the pages, of which the first {@code count} are meant
     * @param contents their contents, in the same order
     */
    PageSet with(int[] changed, int count, byte[][] contents) {
        byte[][][] next = chunks.clone();
        for (int i = 0; i < count; i++) {
            int chunk = changed[i] >> CHUNK_SHIFT;
            if (next[chunk] == chunks[chunk]) {
                next[chunk] = chunks[chunk].clone();
            }
            next[chunk][changed[i] & (CHUNK_PAGES - 1)] = contents[i];
        }
        return new PageSet(next);
    }
}
