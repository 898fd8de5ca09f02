package trapline.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.JournalException;
import trapline.block.StoredBlock;
import trapline.block.TextBlocks;

/** Looks among the blocks of a file for the header of the journal that most of them say they belong to. */
final class HeaderSearch {

    /** Header blocks that are tried at the most; a journal has one for each of its files, and one before the footer. */
    private static final int TRIED_MAX = 64;

    private final Path path;
    private final BlockStore store;
    private TextBlocks.@Nullable Header header;

    HeaderSearch(Path path, BlockStore store) {
        this.path = path;
        this.store = store;
    }

    /**
     * Finds the block of the header: blocks of other journals were put in from elsewhere.
     *
     * @throws JournalException if there is none that can be used
     */
    StoredBlock find(List<StoredBlock> found) throws IOException {
        Map<Integer, Integer> blocksOf = new HashMap<>();
        found.forEach(block -> blocksOf.merge(block.journal(), 1, Integer::sum));
        StoredBlock best = null;
        int tried = 0;
        for (StoredBlock block : found) {
            boolean better = best == null || count(blocksOf, block) > count(blocksOf, best);
            if (better && block.info().type() == BlockLayout.HEADER && tried++ < TRIED_MAX) {
                TextBlocks.Header read = header(block);
                best = read == null ? best : block;
                header = read == null ? header : read;
            }
        }
        if (best == null) {
            throw new JournalException(path + withoutHeader());
        }
        return best;
    }

    /** The header that was found. */
    TextBlocks.Header header() {
        if (header == null) {
            throw new IllegalStateException("no header was found");
        }
        return header;
    }

    private static int count(Map<Integer, Integer> blocksOf, StoredBlock block) {
        return blocksOf.getOrDefault(block.journal(), 0);
    }

    private TextBlocks.@Nullable Header header(StoredBlock block) throws IOException {
        byte[] bytes = store.load(block);
        boolean own = block.isIntact(bytes)
                && BlockWriter.journalOf(
                                bytes, BlockLayout.STATE_OFFSET, block.info().payloadBytes())
                        == block.journal();
        return own ? TextBlocks.header(bytes, block.info()) : null;
    }

    private String withoutHeader() {
        int version = store.newerVersion();
        return version > BlockLayout.VERSION
                ? ": has format " + version + ", newer than the " + BlockLayout.VERSION
                        + " that this version reads; use a newer Trapline"
                : ": is not a journal, or its header is lost (see 'trapline doctor " + path + "')";
    }
}
