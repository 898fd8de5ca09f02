package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamState;

/**
 * A journal being read. The files are scanned by {@link BlockScan} and nothing in them is trusted; Chronicle does not
 * take part. Reads are positional, so several threads may read one journal, also while it is being written.
 */
public final class Journal implements Closeable {

    private static final OpenOption[] READ = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};

    private final Path path;
    private final List<FileChannel> files;
    private final List<Damage> damage;
    private final List<StoredBlock> blocks;
    private final JournalHeader header;
    private final @Nullable JournalFooter footer;

    private Journal(Path path, List<FileChannel> files, BlockSequence sequence) throws JournalException {
        this.path = path;
        this.files = files;
        this.damage = sequence.damage();
        this.blocks = sequence.events();
        this.header = sequence.header();
        this.footer = sequence.footer();
    }

    /**
     * Opens a journal.
     *
     * @param path its directory
     * @return the journal
     * @throws JournalException if there is no journal there, or not even its header can be read
     */
    public static Journal open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new JournalException(path
                    + (Files.exists(path) ? ": is not a journal (a journal is a directory)" : ": no such journal"));
        }
        List<Path> dataFiles = ChronicleFiles.dataFiles(path);
        if (dataFiles.isEmpty()) {
            throw new JournalException(path + ": is not a journal (no .cq4 file in it)");
        }
        List<FileChannel> channels = new ArrayList<>();
        try {
            BlockSequence sequence = new BlockSequence(path);
            for (Path file : dataFiles) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new JournalException(file + ": is not a regular file");
                }
                FileChannel channel = FileChannel.open(file, READ);
                channels.add(channel);
                sequence.add(file, channel);
            }
            sequence.end();
            return new Journal(path, channels, sequence);
        } catch (IOException | RuntimeException e) {
            for (FileChannel channel : channels) {
                channel.close();
            }
            throw e;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Its header. */
    public JournalHeader header() {
        return header;
    }

    /** Its footer; empty where the journal is not closed. */
    public Optional<JournalFooter> footer() {
        return Optional.ofNullable(footer);
    }

    /** Whether its writer has ended it. */
    public boolean closed() {
        return footer != null;
    }

    /** The blocks of events that can be read, in order. */
    public List<BlockInfo> blocks() {
        return blocks.stream().map(StoredBlock::info).toList();
    }

    /** What is wrong with it, as far as opening it tells; {@link #verify} reads everything. */
    public List<Damage> damage() {
        return List.copyOf(damage);
    }

    /** Number of events, lost ones included as far as they are known. */
    public long events() {
        if (footer != null) {
            return footer.events();
        }
        if (blocks.isEmpty()) {
            return 0;
        }
        BlockInfo last = blocks.get(blocks.size() - 1).info();
        return last.firstOrdinal() + last.events();
    }

    /**
     * The state at the start of a block.
     *
     * @param block index into {@link #blocks()}
     * @throws JournalException if the block is damaged
     */
    public StreamState startState(int block) throws IOException {
        StoredBlock stored = blocks.get(block);
        byte[] bytes = load(stored);
        if (bytes == null) {
            throw new JournalException(describe(stored) + ": checksum does not hold");
        }
        try {
            return state(stored.info(), bytes);
        } catch (MalformedBlockException e) {
            throw new JournalException(describe(stored) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Hands out all events in order. Where events are missing there is one {@code lost} event in their place.
     *
     * @param consumer takes them
     * @throws IOException if a file cannot be read
     */
    public void read(EventConsumer consumer) throws IOException {
        read(0, blocks.size(), consumer);
    }

    /**
     * Hands out the events of some blocks, and {@code lost} events for what is missing between them.
     *
     * @param first index of the first block
     * @param end index behind the last block
     * @param consumer takes them
     * @throws IOException if a file cannot be read
     */
    public void read(int first, int end, EventConsumer consumer) throws IOException {
        Gap gap = new Gap(consumer, first == 0 ? 0 : blocks.get(first).info().firstOrdinal());
        for (int i = first; i < end; i++) {
            StoredBlock stored = blocks.get(i);
            gap.before(stored.info().firstOrdinal(), stored.info().firstStep(), "block missing");
            if (readBlock(stored, consumer, gap)) {
                gap.passed(stored.info());
            }
        }
        if (end == blocks.size()) {
            gap.end(footer);
        }
    }

    /** Reads one block; false where nothing of it could be handed out, which the next gap then covers. */
    private boolean readBlock(StoredBlock stored, EventConsumer consumer, Gap gap) throws IOException {
        byte[] bytes = load(stored);
        if (bytes == null) {
            gap.because("checksum of block " + stored.info().sequence() + " does not hold");
            return false;
        }
        Counter counter = new Counter(consumer);
        try {
            int payload = BlockLayout.STATE_OFFSET + stored.info().stateBytes();
            ByteInput in = new ByteInput(bytes, payload, payload + stored.info().payloadBytes());
            new EventDecoder(in, state(stored.info(), bytes))
                    .read(stored.info().events(), stored.info().firstOrdinal(), counter);
            return true;
        } catch (MalformedBlockException e) {
            // The checksum holds: the bytes are as written, so the writer is at fault.
            gap.because("block " + stored.info().sequence() + " was written wrongly: " + e.getMessage());
            gap.passed(counter.count, counter.step);
            return false;
        }
    }

    private StreamState state(BlockInfo info, byte[] bytes) throws MalformedBlockException {
        ByteInput in = new ByteInput(bytes, BlockLayout.STATE_OFFSET, BlockLayout.STATE_OFFSET + info.stateBytes());
        StreamState state = StateCodec.decode(in, header.cpus(), header.observed());
        if (state.step() != info.firstStep()) {
            throw new MalformedBlockException("start state is of another step", BlockLayout.STATE_OFFSET);
        }
        return state;
    }

    /** The bytes of a block, or null where its checksum does not hold. */
    private byte @Nullable [] load(StoredBlock stored) throws IOException {
        byte[] bytes = BlockScan.load(files.get(stored.file()), stored);
        return BlockScan.crcHolds(stored, bytes) ? bytes : null;
    }

    private String describe(StoredBlock stored) {
        return path + ": block " + stored.info().sequence() + " at offset " + stored.offset();
    }

    /**
     * Reads everything: checksums, the chain of digests, and every event.
     *
     * @return what is wrong beyond {@link #damage()}, empty if nothing
     * @throws IOException if a file cannot be read
     */
    public List<Damage> verify() throws IOException {
        List<Damage> found = new ArrayList<>();
        byte[] chain = new byte[BlockLayout.CHAIN_BYTES];
        boolean continuous = true;
        for (StoredBlock stored : blocks) {
            byte[] bytes = load(stored);
            if (bytes == null) {
                found.add(damage(stored, "checksum of block " + stored.info().sequence() + " does not hold"));
                continuous = false;
                continue;
            }
            byte[] before = java.util.Arrays.copyOfRange(
                    bytes, BlockLayout.CHAIN_OFFSET, BlockLayout.CHAIN_OFFSET + BlockLayout.CHAIN_BYTES);
            if (continuous && !java.util.Arrays.equals(chain, before)) {
                found.add(damage(stored, "block " + stored.info().sequence() + " continues another stream"));
            }
            int payload = BlockLayout.STATE_OFFSET + stored.info().stateBytes();
            chain = BlockWriter.nextChain(
                    BlockWriter.sha256(), before, bytes, payload, stored.info().payloadBytes());
            continuous = true;
            Gap gap = new Gap(event -> {}, stored.info().firstOrdinal());
            if (!readBlock(stored, event -> {}, gap)) {
                found.add(damage(stored, gap.reason()));
            }
        }
        JournalFooter end = footer;
        if (end != null
                && continuous
                && !end.digest().equals(java.util.HexFormat.of().formatHex(chain))) {
            found.add(new Damage(path, 0, 0, "the footer's digest is of another stream"));
        }
        return found;
    }

    private Damage damage(StoredBlock stored, String what) {
        return new Damage(path, stored.offset(), stored.info().length(), what);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            file.close();
        }
    }

    /** Counts what it passes on, so that a block that breaks off is known up to there. */
    private static final class Counter implements EventConsumer {

        private final EventConsumer next;
        private int count;
        private long step;

        Counter(EventConsumer next) {
            this.next = next;
        }

        @Override
        public void accept(Event event) {
            count++;
            step = event.step();
            next.accept(event);
        }
    }

    /** Turns missing ordinals into {@code lost} events. */
    private static final class Gap {

        private final EventConsumer consumer;
        private final Event lost = new Event();
        private long nextOrdinal;
        private long step;
        private String reason = "";

        Gap(EventConsumer consumer, long firstOrdinal) {
            this.consumer = consumer;
            this.nextOrdinal = firstOrdinal;
        }

        void because(String why) {
            reason = why;
        }

        String reason() {
            return reason;
        }

        void passed(BlockInfo info) {
            nextOrdinal = info.firstOrdinal() + info.events();
            step = info.lastStep();
        }

        void passed(int events, long lastStep) {
            nextOrdinal += events;
            step = Math.max(step, lastStep);
        }

        void before(long ordinal, long untilStep, String otherwise) {
            if (ordinal != nextOrdinal) {
                emit(ordinal - nextOrdinal, untilStep, reason.isEmpty() ? otherwise : reason);
                nextOrdinal = ordinal;
            }
            reason = "";
        }

        void end(@Nullable JournalFooter footer) {
            if (footer == null) {
                emit(-1, -1, reason.isEmpty() ? "the journal is not closed" : reason);
            } else {
                before(footer.events(), footer.steps(), "blocks missing before the footer");
            }
        }

        private void emit(long count, long until, String why) {
            consumer.accept(lost.begin(EventKind.LOST, step, 0, 0)
                    .set(Lost.COUNT, count)
                    .set(Lost.UNTIL, until)
                    .text(why)
                    .ordinal(nextOrdinal));
        }
    }

    /** Parses the JSON of a header or footer block. */
    static <T> T parse(byte[] block, BlockInfo info, Class<T> type) throws IOException {
        String json = new String(
                block, BlockLayout.STATE_OFFSET + info.stateBytes(), info.payloadBytes(), StandardCharsets.UTF_8);
        return Json.MAPPER.readValue(json, type);
    }
}
