package trapline.journal;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import trapline.block.BlockInfo;
import trapline.block.BlockStore;
import trapline.block.JournalHeader;
import trapline.block.MalformedBlockException;
import trapline.block.StoredBlock;
import trapline.codec.StateCodec;
import trapline.events.EventConsumer;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** Reads runs of blocks of one journal: events in order, a {@code lost} event for each gap. Holds no state of a read. */
final class BlockReader {

    /** So many blocks whose checksum holds and whose content does not were never written by us; the rest is not tried. */
    private static final int MALFORMED_MAX = 100;

    /** Fewer are read before other threads have got going. */
    private static final int BLOCKS_AHEAD_MIN = 4;

    private final BlockStore store;
    private final JournalHeader header;

    BlockReader(BlockStore store, JournalHeader header) {
        this.store = store;
        this.header = header;
    }

    /**
     * Hands out the events of some blocks.
     *
     * @param threads how many may decode at the same time; the consumer is called on the calling one alone
     */
    void read(List<StoredBlock> blocks, LostEvents lost, EventConsumer consumer, int threads) throws IOException {
        boolean ahead = consumer instanceof StreamConsumer stream && !stream.wantsArithmetic();
        if (threads > 1 && ahead && blocks.size() >= BLOCKS_AHEAD_MIN) {
            try (BlocksAhead passes = new BlocksAhead(blocks, store, header, threads)) {
                read(passes::next, passes::back, blocks.size(), lost, consumer);
            }
        } else {
            Iterator<StoredBlock> rest = blocks.iterator();
            BlockPass pass = pass();
            read(
                    () -> {
                        pass.load(rest.next());
                        return pass;
                    },
                    used -> {},
                    blocks.size(),
                    lost,
                    consumer);
        }
    }

    /** Where the passes of blocks come from. */
    private interface Passes {
        BlockPass next() throws IOException;
    }

    private void read(Passes passes, Consumer<BlockPass> back, int count, LostEvents lost, EventConsumer consumer)
            throws IOException {
        int malformed = 0;
        byte[] toldState = StateCodec.encode(new StreamState(header.cpus(), header.observed()));
        for (int i = 0; i < count; i++) {
            BlockPass pass = passes.next();
            BlockInfo info = pass.info();
            if (!pass.isIntact()) {
                lost.because("checksum of block " + info.sequence() + " does not hold");
                back.accept(pass);
                continue;
            }
            try {
                // Before the lost event, so that a state that is nonsense makes its block a part of the gap.
                StreamState start = pass.startState();
                boolean gap = lost.before(info.firstOrdinal(), info.firstStep(), "blocks are missing");
                if (gap || !pass.startsWith(toldState)) {
                    resume(consumer, start);
                }
                events(pass, lost, consumer);
                toldState = StateCodec.encode(pass.state());
            } catch (MalformedBlockException e) {
                // The bytes are as written, so the writer is at fault.
                lost.because("block " + info.sequence() + " was written wrongly: " + e.getMessage());
                if (++malformed == MALFORMED_MAX) {
                    lost.because("too many blocks that were written wrongly");
                    return;
                }
            }
            back.accept(pass);
        }
    }

    private static void resume(EventConsumer consumer, StreamState state) {
        if (consumer instanceof StreamConsumer stream) {
            stream.resume(state);
        }
    }

    private static void events(BlockPass pass, LostEvents lost, EventConsumer consumer) throws MalformedBlockException {
        try {
            pass.read(consumer);
            lost.passed(pass.info());
        } catch (MalformedBlockException e) {
            lost.passed(pass.done(), pass.state().step());
            throw e;
        }
    }

    /** The state at the start of a block whose checksum holds. */
    StreamState state(BlockInfo info, byte[] bytes) throws MalformedBlockException {
        return BlockPass.startState(header, info, bytes);
    }

    /** For blocks that are to be read one by one. */
    BlockPass pass() {
        return new BlockPass(store, header);
    }

    /** Reads one block and throws the events away; empty, or what is wrong with it. */
    static String problem(BlockPass pass, StoredBlock block, byte[] bytes) {
        try {
            pass.take(block, bytes);
            pass.read(event -> {});
            return "";
        } catch (MalformedBlockException e) {
            return "was written wrongly: " + e.getMessage();
        }
    }
}
