package trapline.journal;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.ByteInput;
import trapline.block.JournalHeader;
import trapline.block.MalformedBlockException;
import trapline.block.StoredBlock;
import trapline.codec.EventBatch;
import trapline.codec.EventDecoder;
import trapline.codec.StateCodec;
import trapline.codec.passage.PassageReader;
import trapline.events.EventConsumer;
import trapline.events.StreamState;

/**
 * One block on its way from the store to a consumer; reused for block after block. Its events are decoded either right
 * into the consumer, or {@linkplain #decode() ahead} into a batch, by a thread that need not be the consumer's.
 */
final class BlockPass {

    private final BlockStore store;
    private final JournalHeader header;
    private final EventDecoder decoder;
    private final PassageReader reader;
    private final EventBatch batch = new EventBatch();
    private @Nullable StoredBlock block;
    private byte[] bytes = {};
    private boolean intact;
    private boolean decoded;
    private StreamState state;
    private @Nullable MalformedBlockException problem;

    BlockPass(BlockStore store, JournalHeader header) {
        this.store = store;
        this.header = header;
        this.state = new StreamState(header.cpus(), header.observed());
        this.decoder = new EventDecoder(state);
        this.reader = new PassageReader(decoder, state);
    }

    /** Takes up a block, of which nothing else is known than where it lies. */
    void load(StoredBlock from) throws IOException {
        byte[] loaded = store.load(from, bytes);
        take(from, loaded);
        intact = from.isIntact(loaded);
    }

    /** As above, of a block whose bytes are known to be intact. */
    void take(StoredBlock from, byte[] loaded) {
        block = from;
        bytes = loaded;
        intact = true;
        decoded = false;
        problem = null;
    }

    /** Whether the block's checksum holds; if not, nothing else may be asked of it. */
    boolean isIntact() {
        return intact;
    }

    BlockInfo info() {
        if (block == null) {
            throw new IllegalStateException("no block was loaded");
        }
        return block.info();
    }

    /** Whether the block starts with an encoded state. */
    boolean startsWith(byte[] encoded) {
        int start = BlockLayout.STATE_OFFSET;
        return Arrays.equals(bytes, start, start + info().stateBytes(), encoded, 0, encoded.length);
    }

    /** The state that the block starts with. */
    StreamState startState() throws MalformedBlockException {
        return startState(header, info(), bytes);
    }

    static StreamState startState(JournalHeader header, BlockInfo info, byte[] bytes) throws MalformedBlockException {
        ByteInput in = new ByteInput(bytes, BlockLayout.STATE_OFFSET, BlockLayout.STATE_OFFSET + info.stateBytes());
        StreamState state = StateCodec.decode(in, header.cpus(), header.observed());
        if (state.step() != info.firstStep()) {
            throw new MalformedBlockException("start state is of another step", BlockLayout.STATE_OFFSET);
        }
        return state;
    }

    /** Decodes the events into the batch; what is malformed is kept for those who ask for it. */
    void decode() {
        batch.clear();
        decoded = true;
        try {
            if (intact) {
                decode(batch);
            }
        } catch (MalformedBlockException e) {
            problem = e;
        }
    }

    /** Hands out the events. What was handed out before an exception stands. */
    void read(EventConsumer consumer) throws MalformedBlockException {
        if (!decoded) {
            decode(consumer);
            return;
        }
        batch.read(consumer);
        if (problem != null) {
            throw problem;
        }
    }

    private void decode(EventConsumer consumer) throws MalformedBlockException {
        state = startState();
        int payload = BlockLayout.STATE_OFFSET + info().stateBytes();
        decoder.begin(new ByteInput(bytes, payload, payload + info().payloadBytes()), state);
        reader.read(info().events(), info().firstOrdinal(), info().lastStep(), consumer);
    }

    /** How many events were decoded so far. */
    int done() {
        return decoder.done();
    }

    /** The state behind the events that were decoded so far. */
    StreamState state() {
        return state;
    }
}
