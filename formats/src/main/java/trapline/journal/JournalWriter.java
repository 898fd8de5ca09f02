package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import trapline.block.JournalException;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.block.StorageException;
import trapline.block.TextBlocks;
import trapline.chronicle.ChronicleSink;
import trapline.codec.EventEncoder;
import trapline.codec.FlagBursts;
import trapline.codec.FlagSites;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Halt;
import trapline.events.EventKind;
import trapline.events.StreamState;

/**
 * Writes a journal. Events are coded straight into the open block by the caller's thread; finished blocks get their
 * checksums and are stored by another one, so that a slow disk does not stall the machine at each block. A journal that
 * is closed without {@link #finish} stays "not closed".
 *
 * <p>If a block cannot be stored (disk full, size limit), one of the next calls throws an {@link UncheckedIOException}
 * with a message for the user; the blocks stored before are kept, and {@link #close} still leaves a readable journal.
 */
public final class JournalWriter implements EventConsumer, Closeable {

    private final boolean sync;
    private final BlockCommitter committer;
    private StreamState state;
    private final long[] counts = new long[EventKind.values().length];
    private BlockBuffer block;
    private EventEncoder encoder;
    private long ordinal;
    private String end = "";
    private boolean closed;

    private JournalWriter(JournalHeader header, BlockCommitter committer, boolean sync) {
        this.sync = sync;
        this.committer = committer;
        this.state = new StreamState(header.cpus(), header.observed());
        this.block = committer.takeBuffer();
        this.encoder = block.begin(state, ordinal);
    }

    /**
     * Creates a journal and writes its header.
     *
     * @param directory to be created; must not exist, the directory above it must
     * @param header header
     * @param options options
     * @return the writer
     * @throws JournalException if the directory exists
     * @throws StorageException if it cannot be created or written
     */
    public static JournalWriter create(Path directory, JournalHeader header, JournalOptions options)
            throws IOException {
        if (header.cpus() < 1 || header.cpus() > JournalHeader.CPUS_MAX) {
            throw new JournalException("a journal has 1 to " + JournalHeader.CPUS_MAX + " CPUs, not " + header.cpus());
        }
        if (header.observed().size() > JournalHeader.OBSERVED_MAX) {
            throw new JournalException("an observation table has " + JournalHeader.OBSERVED_MAX + " rows at the most");
        }
        createDirectory(directory);
        BlockCommitter committer =
                new BlockCommitter(() -> new ChronicleSink(directory, options.sync()), header.cpus(), options);
        try {
            committer.begin(TextBlocks.bytes(new TextBlocks.Header(header, options.keepLastEvents())));
            return new JournalWriter(header, committer, options.sync());
        } catch (IOException e) {
            closeQuietly(committer, e);
            remove(directory);
            throw e;
        }
    }

    /** A directory without so much as a header would only be in the way of the next attempt. */
    private static void remove(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.cq4*")) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            // The disk has worse problems, and the first of them is reported.
        }
    }

    static void createDirectory(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new JournalException(directory + ": exists already; remove it or name another place");
        }
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new StorageException(directory + ": cannot be created (" + e.getMessage() + ")", e);
        }
    }

    private static void closeQuietly(BlockCommitter committer, IOException because) {
        try {
            committer.close();
        } catch (IOException e) {
            if (e != because) {
                because.addSuppressed(e);
            }
        }
    }

    /** Number of events so far. */
    public long events() {
        return ordinal + encoder.events();
    }

    /**
     * An EFLAGS write of an arithmetic or logic instruction; the old value is the one this writer has seen last.
     *
     * @param cpu CPU
     * @param step instructions retired globally before it
     * @param eip address of the instruction
     * @param now EFLAGS after it
     */
    public void flags(int cpu, long step, long eip, int now) {
        encoder.flags(cpu, step, eip, now);
        if (encoder.isFull()) {
            nextBlock();
        }
    }

    /**
     * EFLAGS writes of arithmetic instructions: the same as {@link #flags(int, long, long, int)} for each. Ends before the
     * first burst that goes on behind a position.
     *
     * @param bursts what was executed, from its next burst on
     * @param until bursts that end behind this many instructions are left
     */
    public void flags(FlagBursts bursts, int until) {
        while (!bursts.isEnd()) {
            int start = bursts.nextStart();
            encoder.flags(bursts, until);
            if (bursts.burst == start) {
                continue;
            }
            if (bursts.position + bursts.count() > until) {
                return;
            }
            flags(bursts, 0, bursts.count());
            bursts.skip();
        }
    }

    /**
     * Records instructions of the next burst, one by one.
     *
     * @param bursts what was executed
     * @param from the first of them by its place in its block
     * @param to the last, exclusive
     */
    public void flags(FlagBursts bursts, int from, int to) {
        FlagSites sites = bursts.block();
        for (int k = sites.among[from]; k < sites.among[to]; k++) {
            long site = sites.packed[k];
            int place = bursts.position + FlagSites.index(site);
            int now = FlagBursts.eflags(bursts.control, bursts.status[place]);
            flags(sites.cpu, bursts.base + place, FlagSites.eip(site), now);
        }
    }

    @Override
    public void accept(Event event) {
        counts[event.kind().code()]++;
        if (event.kind() == EventKind.HALT) {
            end = EventKind.HALT.fields().get(Halt.REASON).labelOf(event.value(Halt.REASON));
        }
        encoder.put(event);
        if (encoder.isFull()) {
            nextBlock();
        }
    }

    private void nextBlock() {
        ordinal += encoder.events();
        block.end(encoder, state);
        committer.events(block);
        if (sync) {
            flush();
        }
        block = committer.takeBuffer();
        encoder = block.begin(state, ordinal);
    }

    private void flush() {
        try {
            committer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Goes on with another state than the one that the events so far imply: those between are lost, and a {@code lost}
     * event has said so.
     *
     * @param with state before the next event; copied
     */
    public void resume(StreamState with) {
        encoder.sync();
        if (with.step() < state.step()) {
            throw new IllegalArgumentException("step " + with.step() + " is before " + state.step());
        }
        if (encoder.events() > 0) {
            nextBlock();
        }
        state = with.copy();
        encoder = block.begin(state, ordinal);
    }

    /**
     * Ends the journal: writes the open block and the footer, and closes it.
     *
     * @return the footer
     * @throws IOException if a block could not be stored
     */
    public JournalFooter finish() throws IOException {
        if (encoder.events() > 0) {
            nextBlock();
        }
        long events = ordinal;
        Map<String, Long> byKind = new LinkedHashMap<>();
        long general = 0;
        for (EventKind kind : EventKind.values()) {
            general += counts[kind.code()];
        }
        // The short way of flags() does not count: what is not counted there was an EFLAGS write.
        counts[EventKind.EFLAGS_WRITE.code()] += events - general;
        for (EventKind kind : EventKind.values()) {
            if (counts[kind.code()] > 0) {
                byKind.put(kind.label(), counts[kind.code()]);
            }
        }
        JournalFooter footer = new JournalFooter(events, state.step(), byKind, committer.digest(), end);
        committer.end(events, state.step(), TextBlocks.bytes(footer));
        close();
        return footer;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            committer.close();
        }
    }
}
