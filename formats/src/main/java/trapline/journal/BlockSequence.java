package trapline.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.DamageLog;
import trapline.block.JournalFooter;
import trapline.block.StoredBlock;
import trapline.block.TextBlocks;

/**
 * Puts the blocks that scans found into the grammar of a journal: numbered without gaps, each naming the checksum of the
 * one before. What does not fit is damage and is left out.
 *
 * <p>A block of events that continues the one before exactly is believed; its checksum is looked at when it is read. Where
 * two blocks do not fit, their checksums decide which of them is as it was written, so that one with wrong numbers cannot
 * put good ones into the wrong.
 */
final class BlockSequence {

    private final BlockStore store;
    private final DamageLog damage;
    private final int journal;
    private final boolean ring;
    private final List<StoredBlock> blocks = new ArrayList<>();
    private @Nullable JournalFooter footer;
    /** How many blocks of the list are known to be as they were written. */
    private int verified;

    /**
     * An empty journal.
     *
     * @param journal which one: {@link StoredBlock#journal} of its blocks
     * @param ring whether its oldest blocks may be missing
     */
    BlockSequence(BlockStore store, int journal, boolean ring, DamageLog damage) {
        this.ring = ring || store.isSlice();
        this.store = store;
        this.journal = journal;
        this.damage = damage;
    }

    void add(StoredBlock block) throws IOException {
        if (footer == null
                && block.journal() == journal
                && !blocks.isEmpty()
                && continues(last(), block)
                && isRead(block)) {
            take(block);
        } else if (!isIntact(block)) {
            reject(block, "checksum does not hold");
        } else if (block.journal() != journal) {
            leaveOut(block, "belongs to another journal");
        } else if (footer != null) {
            leaveOut(block, "stands behind the footer");
        } else {
            join(block);
        }
    }

    /** Copies of the header are not read otherwise, so nobody would notice that one is damaged. */
    private boolean isRead(StoredBlock block) throws IOException {
        return block.info().type() != BlockLayout.HEADER || isIntact(block);
    }

    /** Adds a block whose checksum holds, although it is not simply the next one. */
    private void join(StoredBlock block) throws IOException {
        withdrawDamaged();
        int expected = blocks.isEmpty() ? 0 : last().info().sequence() + 1;
        int sequence = block.info().sequence();
        if (sequence < expected) {
            leaveOut(block, "stands where block " + expected + " belongs");
            return;
        }
        if (!blocks.isEmpty() && !mayFollow(last(), block)) {
            leaveOut(block, "does not continue the blocks before it");
            return;
        }
        if (sequence > expected && !mayBeMissing(block)) {
            damage.add(store.file(block.file()), block.offset(), 0, missing(expected, sequence - 1));
        }
        if (take(block)) {
            verified = blocks.size();
        }
    }

    /** What a ring drops, and what a slice leaves out: events behind the header, and events before the footer. */
    private boolean mayBeMissing(StoredBlock before) {
        boolean beginning = blocks.stream().allMatch(b -> b.info().type() == BlockLayout.HEADER);
        boolean end = store.isSlice() && !before.info().hasEvents();
        return ring && (beginning || end);
    }

    private static String missing(int first, int last) {
        return first == last ? "block " + first + " is missing" : "blocks " + first + " to " + last + " are missing";
    }

    /** Takes back blocks at the end whose numbers were believed, and should not have been. */
    private void withdrawDamaged() throws IOException {
        while (blocks.size() > verified && !isIntact(last())) {
            reject(blocks.remove(blocks.size() - 1), "checksum does not hold");
        }
        verified = blocks.size();
    }

    private StoredBlock last() {
        return blocks.get(blocks.size() - 1);
    }

    private static boolean continues(StoredBlock before, StoredBlock block) {
        return !block.info().isPart()
                && block.info().sequence() == before.info().sequence() + 1
                && block.previousCrc() == before.crc()
                && block.info().firstOrdinal() == before.info().endOrdinal()
                && block.info().firstStep() >= before.info().lastStep();
    }

    private static boolean mayFollow(StoredBlock before, StoredBlock block) {
        return block.info().firstOrdinal() >= before.info().endOrdinal()
                && block.info().firstStep() >= before.info().lastStep()
                && (isCut(before, block)
                        || block.info().sequence() > before.info().sequence() + 1);
    }

    /** Where a slice was cut, a block does not know the checksum of its neighbour. */
    private static boolean isCut(StoredBlock before, StoredBlock block) {
        return before.info().isPart() || block.info().isPart();
    }

    private boolean take(StoredBlock block) throws IOException {
        if (block.info().type() == BlockLayout.FOOTER) {
            JournalFooter read = footerOf(block);
            if (read == null) {
                return false;
            }
            footer = read;
        }
        return blocks.add(block);
    }

    private @Nullable JournalFooter footerOf(StoredBlock block) throws IOException {
        byte[] bytes = store.load(block);
        if (!block.isIntact(bytes)) {
            reject(block, "checksum does not hold");
            return null;
        }
        JournalFooter read = TextBlocks.footer(bytes, block.info());
        if (read == null) {
            reject(block, "is no footer of this journal");
        }
        return read;
    }

    /** Ends a scan: the last block has none behind it that would vouch for its numbers. */
    void end() throws IOException {
        withdrawDamaged();
    }

    private boolean isIntact(StoredBlock block) throws IOException {
        return block.isIntact(store.load(block));
    }

    /** Rejects a block that somebody wrote like this: whoever judges the others has not judged it. */
    private void leaveOut(StoredBlock block, String why) {
        Path file = store.file(block.file());
        String what = "block " + block.info().sequence() + " " + why;
        damage.leftOut(file, block.offset(), block.info().length(), what);
    }

    private void reject(StoredBlock block, String why) {
        Path file = store.file(block.file());
        damage.add(file, block, "block " + block.info().sequence() + " " + why);
    }

    @Nullable JournalFooter footer() {
        return footer;
    }

    /** All blocks, headers and footer included. */
    List<StoredBlock> all() {
        return List.copyOf(blocks);
    }

    /** The blocks of events. */
    List<StoredBlock> events() {
        return blocks.stream().filter(b -> b.info().hasEvents()).toList();
    }
}
