package trapline.journal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import trapline.block.BlockInfo;
import trapline.block.BlockOutput;
import trapline.block.JournalException;

/**
 * A part of a journal that stays replayable: the header, the events of some steps, and the footer if there is one. The
 * blocks at its two ends are cut where the steps say so, those between are copied as they are.
 */
public final class JournalSlice {

    private final Journal journal;
    private final int first;
    private final int end;
    private final Map<Integer, byte[]> cut = new TreeMap<>();

    private JournalSlice(Journal journal, int first, int end) {
        this.journal = journal;
        this.first = first;
        this.end = end;
    }

    /**
     * All of a journal.
     *
     * @param journal stays open as long as the slice is used
     */
    public static JournalSlice whole(Journal journal) {
        return new JournalSlice(journal, 0, journal.blocks().size());
    }

    /**
     * The events of some steps.
     *
     * @param journal stays open as long as the slice is used
     * @param fromStep first step
     * @param toStep last step
     * @throws JournalException if no event of these steps can be read
     */
    public static JournalSlice of(Journal journal, long fromStep, long toStep) throws IOException {
        List<BlockInfo> blocks = journal.blocks();
        int first = journal.blockAt(fromStep);
        int end = first;
        while (end < blocks.size() && blocks.get(end).firstStep() <= toStep) {
            end++;
        }
        Map<Integer, byte[]> cut = new TreeMap<>();
        while (first < end && !cut(journal, first, fromStep, toStep, cut)) {
            first++;
        }
        while (first < end - 1 && !cut(journal, end - 1, fromStep, toStep, cut)) {
            end--;
        }
        if (first == end) {
            throw new JournalException(
                    journal.path() + ": no event between the steps " + fromStep + " and " + toStep + " can be read");
        }
        JournalSlice slice = new JournalSlice(journal, first, end);
        slice.cut.putAll(cut);
        return slice;
    }

    /** False if no event of a block is wanted, or none can be read. */
    private static boolean cut(Journal journal, int block, long fromStep, long toStep, Map<Integer, byte[]> cut)
            throws IOException {
        byte[] part = journal.cut(block, fromStep, toStep);
        if (part.length > 0
                && BlockInfo.of(part).events() != journal.blocks().get(block).events()) {
            cut.put(block, part);
        }
        return part.length > 0;
    }

    /** Whether it is all of the journal. */
    public boolean isWhole() {
        return first == 0 && end == journal.blocks().size() && cut.isEmpty();
    }

    /** Whether there is no event in it. */
    public boolean isEmpty() {
        return first == end;
    }

    private BlockInfo info(int block) {
        byte[] part = cut.get(block);
        return part == null ? journal.blocks().get(block) : BlockInfo.of(part);
    }

    /** Ordinal of the first event. */
    public long firstOrdinal() {
        return isEmpty() ? 0 : info(first).firstOrdinal();
    }

    /** Ordinal behind the last event. */
    public long endOrdinal() {
        return isEmpty() ? 0 : info(end - 1).endOrdinal();
    }

    /** Step of the state at the start. */
    public long firstStep() {
        return isEmpty() ? 0 : info(first).firstStep();
    }

    /** Step of the last event. */
    public long lastStep() {
        return isEmpty() ? 0 : info(end - 1).lastStep();
    }

    /**
     * Hands out its blocks, those that cannot be read left out.
     *
     * @param out takes them, named for a whole journal or for a slice
     * @throws IOException if a file cannot be read, or the output fails
     */
    public void copyTo(BlockOutput out) throws IOException {
        journal.copyBlocks(first, end, cut, out);
    }
}
