package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockOutput;
import trapline.block.BlockStore;
import trapline.block.Damage;
import trapline.block.DamageLog;
import trapline.block.JournalException;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.block.MalformedBlockException;
import trapline.block.StoredBlock;
import trapline.block.TextBlocks;
import trapline.chronicle.DataFiles;
import trapline.events.EventConsumer;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;
import trapline.zip.BundleBlocks;
import trapline.zip.ZipArchive;

/**
 * A journal being read. Nothing in its files is trusted, and Chronicle does not take part. Reads are positional, so
 * several threads may read one journal, also while it is being written: {@link #refresh} then finds the blocks that have
 * been added.
 */
public final class Journal implements Closeable {

    private static final int FOUND_BY_READING_MAX = 1000;

    private final Path path;
    private final BlockStore store;
    private final DamageLog damage;
    private final TextBlocks.Header header;
    private final BlockSequence sequence;
    private final BlockReader reader;
    private final Set<String> foundByReading = ConcurrentHashMap.newKeySet();
    private volatile Contents contents;

    /** What is known of the blocks; replaced as a whole when there are more. */
    private record Contents(
            List<StoredBlock> all,
            List<StoredBlock> blocks,
            List<Damage> damage,
            boolean leavesOut,
            @Nullable JournalFooter footer) {}

    private Journal(Path path, BlockStore store) throws IOException {
        this.path = path;
        this.store = store;
        this.damage = new DamageLog();
        List<StoredBlock> found = new ArrayList<>();
        store.scan(found::add, damage);
        HeaderSearch search = new HeaderSearch(path, store);
        StoredBlock headerBlock = search.find(found);
        this.header = search.header();
        this.reader = new BlockReader(store, header.header());
        this.sequence = new BlockSequence(store, headerBlock.journal(), header.keepLast() > 0, damage);
        for (StoredBlock block : found) {
            sequence.add(block);
        }
        this.contents = endOfScan();
    }

    private Contents endOfScan() throws IOException {
        sequence.end();
        return new Contents(sequence.all(), sequence.events(), damage.list(), damage.leavesOut(), sequence.footer());
    }

    /**
     * Opens a journal or a bundle.
     *
     * @param path the journal's directory, or the bundle's file
     * @return the journal
     * @throws JournalException if there is none, or not even its header can be read
     */
    public static Journal open(Path path) throws IOException {
        BlockStore store = store(path);
        try {
            return new Journal(path, store);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static BlockStore store(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new DataFiles(path);
        }
        if (!Files.exists(path)) {
            throw new JournalException(path + ": no such journal");
        }
        return new BundleBlocks(ZipArchive.openDamaged(path));
    }

    /**
     * What can be said of something that {@link #open} refuses.
     *
     * @param path any path
     * @return what is damaged; at the end how many blocks there seem to be
     * @throws IOException if there is nothing of a journal in it
     */
    public static List<Damage> survey(Path path) throws IOException {
        DamageLog damage = new DamageLog();
        List<StoredBlock> found = new ArrayList<>();
        try (BlockStore store = store(path)) {
            store.scan(found::add, damage);
        }
        damage.add(path, 0, 0, found.size() + " blocks found, none of them a header that can be used");
        return damage.list();
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Its header. */
    public JournalHeader header() {
        return header.header();
    }

    /** Of a ring, the number of last events that its writer keeps at the least; 0 for a journal that keeps all. */
    public long keepLast() {
        return header.keepLast();
    }

    /** Its footer; empty where the journal is not closed. */
    public Optional<JournalFooter> footer() {
        return Optional.ofNullable(contents.footer);
    }

    /** Whether its writer has ended it. */
    public boolean closed() {
        return contents.footer != null;
    }

    /** The blocks of events that can be read, in order. */
    public List<BlockInfo> blocks() {
        return contents.blocks.stream().map(StoredBlock::info).toList();
    }

    /** What is wrong with it, as far as opening it tells, and what was read so far; {@link #verify} reads everything. */
    public List<Damage> damage() {
        List<Damage> all = new ArrayList<>(contents.damage);
        foundByReading.stream().sorted().forEach(what -> all.add(new Damage(path, 0, 0, what)));
        return List.copyOf(all);
    }

    /** Whether it is closed and no damage was found so far. */
    public boolean isWhole() {
        return closed() && contents.damage.isEmpty() && foundByReading.isEmpty();
    }

    /**
     * What is wrong with it, in one line and as far as is known: that events are missing, or that what is damaged costs
     * none, such as one copy of the header.
     *
     * @return empty if it is whole
     */
    public String complaint() {
        if (isWhole() && !lacksEvents()) {
            return "";
        }
        List<Damage> known = damage();
        String why = known.isEmpty() ? withoutDamage() : known.get(0).what();
        String what = leavesOut()
                ? "not all that is in it is read: "
                : lacksEvents() ? "events are missing: " : "is damaged, but no event is missing: ";
        return what + why;
    }

    private String withoutDamage() {
        return closed() ? "they were lost while it was recorded, see its 'lost' events" : "it is not closed";
    }

    /** Why what is read of it may not be all there was; empty if it is. What is known to be missing is no part of this. */
    public String incomplete() {
        if (leavesOut()) {
            return "the journal holds blocks that are not read with it";
        }
        return closed() ? "" : "the journal is not closed: its end is missing";
    }

    /** Whether there are blocks in its files that do not belong to what is read, or files that are not read to their end. */
    public boolean leavesOut() {
        return contents.leavesOut;
    }

    /**
     * Whether events are missing that are not left out on purpose, as far as is known: they were lost before they came into
     * it, or in it, or it holds more than is read.
     */
    public boolean lacksEvents() {
        JournalFooter footer = contents.footer;
        return lacksRecorded() || (footer != null && footer.lost() > 0);
    }

    /** As above, apart from those that its source has lost: events that were written and are not read. */
    public boolean lacksRecorded() {
        Contents now = contents;
        if (now.footer == null || now.leavesOut || !foundByReading.isEmpty()) {
            return true;
        }
        if (store.isSlice() || header.keepLast() > 0) {
            return !now.damage.isEmpty(); // what is left out at the ends does not tell from what is lost
        }
        long next = 0;
        for (StoredBlock block : now.blocks) {
            if (block.info().firstOrdinal() != next) {
                return true;
            }
            next = block.info().endOrdinal();
        }
        return next != now.footer.events();
    }

    private void foundByReading(String what) {
        if (foundByReading.size() < FOUND_BY_READING_MAX) {
            foundByReading.add(what);
        }
    }

    /** Number of events, lost ones included as far as they are known. */
    public long events() {
        Contents now = contents;
        if (now.footer != null) {
            return now.footer.events();
        }
        return now.blocks.isEmpty()
                ? 0
                : now.blocks.get(now.blocks.size() - 1).info().endOrdinal();
    }

    /**
     * Looks for blocks that its writer has added.
     *
     * @return whether there are any, or the journal is closed now
     * @throws IOException if a file cannot be read
     */
    public synchronized boolean refresh() throws IOException {
        Contents before = contents;
        if (before.footer != null) {
            return false;
        }
        store.scan(sequence::add, damage);
        Contents now = endOfScan();
        contents = now;
        return now.footer != null || now.blocks.size() != before.blocks.size();
    }

    /**
     * The block in which an event of a step is, or the next one behind it.
     *
     * @param step global step
     * @return index into {@link #blocks()}: the first block that ends at this step or later; their number if none does
     */
    public int blockAt(long step) {
        List<StoredBlock> blocks = contents.blocks;
        int low = 0;
        int high = blocks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).info().lastStep() < step) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The block in which an event is, or the last one before it.
     *
     * @param ordinal of the event
     * @return index into {@link #blocks()}: the last block that begins with this ordinal or a lower one; 0 if none does
     */
    public int blockOf(long ordinal) {
        List<StoredBlock> blocks = contents.blocks;
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks.get(middle).info().firstOrdinal() <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * The step at a part of the journal, by steps.
     *
     * @param percent 0 to 100
     */
    public long stepAt(double percent) {
        List<StoredBlock> blocks = contents.blocks;
        if (blocks.isEmpty()) {
            return 0;
        }
        long first = blocks.get(0).info().firstStep();
        long last = blocks.get(blocks.size() - 1).info().lastStep();
        return first + Math.round((last - first) * Math.min(100, Math.max(0, percent)) / 100);
    }

    /**
     * The state at the start of a block. Of a block that is damaged nothing is known, and its events are lost.
     *
     * @param block index into {@link #blocks()}
     */
    public StreamState startState(int block) throws IOException {
        StoredBlock stored = contents.blocks.get(block);
        byte[] bytes = store.load(stored);
        if (stored.isIntact(bytes)) {
            try {
                return reader.state(stored.info(), bytes);
            } catch (MalformedBlockException e) {
                foundByReading("block " + stored.info().sequence() + " was written wrongly: " + e.getMessage());
            }
        }
        return new StreamState(header().cpus(), header().observed());
    }

    /** A place in it, before the first event of the blocks that there are now. */
    public JournalCursor cursor() {
        return new JournalCursor(this);
    }

    /**
     * Hands out all events in order. Where events are missing there is one {@code lost} event in their place.
     *
     * @param consumer takes them; a {@link StreamConsumer} is told more, and may leave arithmetic out
     * @throws IOException if a file cannot be read
     */
    public void read(EventConsumer consumer) throws IOException {
        read(consumer, 1);
    }

    /**
     * As above, on several threads. The consumer sees the same events in the same order on the calling thread; the others
     * decode ahead, if it wants no arithmetic and there are enough blocks.
     *
     * @param threads at least 1, the calling one included
     */
    public void read(EventConsumer consumer, int threads) throws IOException {
        read(0, contents.blocks.size(), consumer, threads);
    }

    /**
     * Hands out the events of some blocks, and {@code lost} events for what is missing between them; from block 0 on also
     * for what is missing before it, and up to the last also for what is missing behind it.
     *
     * @param first index of the first block
     * @param end index behind the last block
     * @param consumer takes them; a {@link StreamConsumer} is told more, and may leave arithmetic out
     * @throws IOException if a file cannot be read
     */
    public void read(int first, int end, EventConsumer consumer) throws IOException {
        read(first, end, consumer, 1);
    }

    private void read(int first, int end, EventConsumer consumer, int threads) throws IOException {
        Contents now = contents;
        List<StoredBlock> part = now.blocks.subList(first, end);
        boolean fromStart = first == 0 || part.isEmpty();
        LostEvents lost = fromStart
                ? new LostEvents(consumer, 0, 0)
                : new LostEvents(
                        consumer,
                        part.get(0).info().firstOrdinal(),
                        part.get(0).info().firstStep());
        if (fromStart && store.isSlice()) {
            lost.onPurpose("left out of this slice");
        } else if (fromStart && header.keepLast() > 0) {
            lost.onPurpose("the ring has dropped its oldest blocks");
        }
        reader.read(part, lost, consumer, threads);
        lost.problems().forEach(this::foundByReading);
        if (end == now.blocks.size()) {
            lost.end(now.footer, store.isSlice() ? "left out of this slice" : "blocks missing before the footer");
        } else if (end > first) {
            BlockInfo next = now.blocks.get(end).info();
            lost.before(next.firstOrdinal(), next.firstStep(), "blocks are missing");
        }
    }

    /**
     * Some events of a block as a block of their own.
     *
     * @param block index into {@link #blocks()}
     * @return its bytes; empty if no event is of these steps, or none can be read
     */
    byte[] cut(int block, long fromStep, long toStep) throws IOException {
        StoredBlock stored = contents.blocks.get(block);
        byte[] bytes = store.load(stored);
        if (!stored.isIntact(bytes)) {
            return new byte[0];
        }
        try {
            BlockCutter cutter = new BlockCutter(header(), reader.state(stored.info(), bytes), fromStep, toStep);
            long first = stored.info().firstOrdinal();
            long end = stored.info().endOrdinal();
            read(block, block + 1, e -> {
                // Around the first and the last block it is also told what is missing there.
                if (e.ordinal() >= first && e.ordinal() < end) {
                    cutter.accept(e);
                }
            });
            return cutter.part(stored, bytes);
        } catch (MalformedBlockException e) {
            return new byte[0];
        }
    }

    /**
     * Hands out blocks as they are stored: the header, some blocks of events, and the footer if there is one. Blocks whose
     * checksum does not hold are left out.
     *
     * @param first index of the first block of events
     * @param end index behind the last one
     * @param cut those that only a part is taken of, by index
     * @param out takes them, named for a whole journal if all blocks are asked for, else for a slice
     * @throws IOException if a file cannot be read, or the output fails
     */
    void copyBlocks(int first, int end, Map<Integer, byte[]> cut, BlockOutput out) throws IOException {
        Contents now = contents;
        boolean slice = store.isSlice() || first > 0 || end < now.blocks.size() || !cut.isEmpty();
        List<StoredBlock> wanted = now.blocks.subList(first, end);
        long from = wanted.isEmpty() ? 0 : wanted.get(0).info().sequence();
        long to = wanted.isEmpty() ? 0 : wanted.get(wanted.size() - 1).info().sequence();
        long lastEvents = now.blocks.isEmpty()
                ? 0
                : now.blocks.get(now.blocks.size() - 1).info().sequence();
        boolean begun = false;
        int index = 0;
        for (StoredBlock block : now.all) {
            int sequence = block.info().sequence();
            boolean isHeader = block.info().type() == BlockLayout.HEADER;
            boolean needed = (sequence >= from && sequence <= to) || sequence > lastEvents || (isHeader && !begun);
            byte[] part = block.info().hasEvents() ? cut.get(index++) : null;
            byte[] bytes = needed ? store.load(block) : new byte[0];
            if (part != null) {
                out.accept(BundleBlocks.name(slice, sequence), part);
            } else if (needed && block.isIntact(bytes)) {
                begun |= isHeader;
                out.accept(BundleBlocks.name(slice, sequence), bytes);
            } else if (needed) {
                foundByReading("checksum of block " + sequence + " does not hold");
            }
        }
    }

    /**
     * Reads everything: checksums, the chain of digests, and every event.
     *
     * @return what is wrong beyond {@link #damage()}, empty if nothing
     * @throws IOException if a file cannot be read
     */
    public List<Damage> verify() throws IOException {
        Contents now = contents;
        return new JournalCheck(store, reader).run(now.blocks, now.footer);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
