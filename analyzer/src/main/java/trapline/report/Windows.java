package trapline.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.journal.Journal;

/** Chooses which blocks of a journal go into the page with all their events, and packs them. */
final class Windows {

    /** How many blocks are taken beside those of start, end and findings, if there is room. */
    private static final int SPREAD = 24;

    /** More events than this are never tried as one window. */
    private static final long WHOLE_EVENTS_MAX = 6_000_000;

    private final Journal journal;
    private final List<BlockInfo> blocks;
    private final int charactersMax;
    private ValueDictionary dictionary;

    /**
     * @param charactersMax room in the page for columns and dictionary, in base64 characters
     */
    Windows(Journal journal, int charactersMax) {
        this.journal = journal;
        this.blocks = journal.blocks();
        this.charactersMax = charactersMax;
        this.dictionary = new ValueDictionary(journal.header().symbolTable());
    }

    /** The values that the windows refer to. */
    ValueDictionary dictionary() {
        return dictionary;
    }

    /**
     * One window with everything, or several if that is too much.
     *
     * @param wanted ordinals that should be in a window, the most important first
     */
    List<RunData.Window> choose(List<Long> wanted) throws IOException {
        if (blocks.isEmpty()) {
            return List.of();
        }
        if (journal.events() <= WHOLE_EVENTS_MAX) {
            RunData.Window whole = pack(0, blocks.size());
            if (whole != null && whole.columns().length() + dictionary.packed().length() <= charactersMax) {
                return List.of(whole);
            }
            dictionary = new ValueDictionary(journal.header().symbolTable());
        }
        TreeMap<Integer, RunData.Window> chosen = new TreeMap<>();
        int used = 0;
        for (int block : candidates(wanted)) {
            RunData.Window window = pack(block, block + 1);
            if (window != null
                    && used + window.columns().length() + dictionary.packed().length() <= charactersMax) {
                used += window.columns().length();
                chosen.put(block, window);
            }
        }
        return new ArrayList<>(chosen.values());
    }

    private Set<Integer> candidates(List<Long> wanted) {
        Set<Integer> order = new LinkedHashSet<>();
        order.add(0);
        for (long ordinal : wanted) {
            order.add(journal.blockOf(ordinal));
        }
        order.add(blocks.size() - 1);
        for (int i = 1; i < SPREAD; i++) {
            order.add((int) ((long) blocks.size() * i / SPREAD));
        }
        return order;
    }

    private RunData.@Nullable Window pack(int first, int end) throws IOException {
        EventPacker packer = new EventPacker(
                dictionary, journal.startState(first), journal.header().observed());
        journal.read(first, end, packer);
        if (packer.full()) {
            return null;
        }
        BlockInfo last = blocks.get(end - 1);
        return packer.window(last.firstOrdinal() + last.events(), last.lastStep());
    }
}
