package trapline.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the blocks that scans found into the grammar of a journal: header, events, footer, numbered without gaps, each
 * naming the checksum of the one before. What does not fit is damage and is left out.
 */
final class BlockSequence {

    private final Path path;
    private final List<Damage> damage = new ArrayList<>();
    private final List<StoredBlock> events = new ArrayList<>();
    private @Nullable StoredBlock last;
    private @Nullable JournalHeader header;
    private @Nullable JournalFooter footer;
    private int files;
    private int foreignVersion = -1;

    BlockSequence(Path path) {
        this.path = path;
    }

    void add(Path file, FileChannel channel) throws IOException {
        BlockScan.Found found = BlockScan.scan(file, files++, channel);
        damage.addAll(found.damage());
        if (found.foreignVersion() >= 0) {
            foreignVersion = found.foreignVersion();
        }
        for (StoredBlock block : found.blocks()) {
            if (fits(file, block)) {
                take(file, channel, block);
                last = block;
            }
        }
    }

    private boolean fits(Path file, StoredBlock block) {
        StoredBlock before = last;
        int expected = before == null ? 0 : before.info().sequence() + 1;
        int sequence = block.info().sequence();
        if (footer != null) {
            return reject(file, block, "block " + sequence + " behind the footer");
        }
        if (sequence < expected) {
            return reject(file, block, "block " + sequence + " where " + expected + " belongs");
        }
        if (before != null && !follows(before, block)) {
            return reject(file, block, "block " + sequence + " does not continue this journal");
        }
        if (sequence > expected) {
            damage.add(new Damage(
                    file, block.offset(), 0, "blocks " + expected + " to " + (sequence - 1) + " are missing"));
        }
        return true;
    }

    private static boolean follows(StoredBlock before, StoredBlock block) {
        BlockInfo info = block.info();
        long nextOrdinal = before.info().firstOrdinal() + before.info().events();
        if (info.sequence() == before.info().sequence() + 1) {
            return block.previousCrc() == before.crc()
                    && info.firstOrdinal() == nextOrdinal
                    && info.firstStep() == before.info().lastStep();
        }
        return info.firstOrdinal() >= nextOrdinal
                && info.firstStep() >= before.info().lastStep();
    }

    private boolean reject(Path file, StoredBlock block, String why) {
        damage.add(new Damage(file, block.offset(), block.info().length(), why));
        return false;
    }

    private void take(Path file, FileChannel channel, StoredBlock block) throws IOException {
        if (block.info().type() == BlockLayout.EVENTS) {
            events.add(block);
            return;
        }
        byte[] bytes = BlockScan.load(channel, block);
        if (!BlockScan.crcHolds(block, bytes)) {
            reject(file, block, "checksum of block " + block.info().sequence() + " does not hold");
            return;
        }
        try {
            if (block.info().type() == BlockLayout.FOOTER) {
                footer = Journal.parse(bytes, block.info(), JournalFooter.class);
            } else if (header == null) {
                header = checked(Journal.parse(bytes, block.info(), JournalHeader.class));
            }
        } catch (IOException | IllegalArgumentException e) {
            reject(file, block, "block " + block.info().sequence() + " does not hold what it should");
        }
    }

    private static JournalHeader checked(JournalHeader header) {
        if (header.cpus() < 1 || header.cpus() > JournalHeader.CPUS_MAX) {
            throw new IllegalArgumentException("cpus");
        }
        if (header.observed().stream().anyMatch(o -> o.count() < 0 || o.count() > JournalHeader.CPUS_MAX)) {
            throw new IllegalArgumentException("observed");
        }
        return header;
    }

    void end() throws JournalException {
        if (header == null) {
            if (foreignVersion > BlockLayout.VERSION) {
                throw new JournalException(path + ": has format " + foreignVersion + ", newer than the "
                        + BlockLayout.VERSION + " that this version reads; use a newer Trapline");
            }
            throw new JournalException(
                    path + ": is not a journal, or its header is lost (see 'trapline doctor " + path + "')");
        }
    }

    JournalHeader header() throws JournalException {
        JournalHeader found = header;
        if (found == null) {
            throw new JournalException(path + ": has no header");
        }
        return found;
    }

    @Nullable JournalFooter footer() {
        return footer;
    }

    List<StoredBlock> events() {
        return events;
    }

    List<Damage> damage() {
        return damage;
    }
}
