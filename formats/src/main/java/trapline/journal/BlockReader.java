package trapline.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import trapline.events.EventConsumer;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** Reads runs of blocks of one journal: events in order, a {@code lost} event for each gap. Holds no state of a read. */
final class BlockReader {

    /** So many blocks whose checksum holds and whose content does not were never written by us; the rest is not tried. */
    private static final int MALFORMED_MAX = 100;

    private final BlockStore store;
    private final JournalHeader header;

    BlockReader(BlockStore store, JournalHeader header) {
        this.store = store;
        this.header = header;
    }

    /** Hands out the events of some blocks. */
    void read(List<StoredBlock> blocks, LostEvents lost, EventConsumer consumer) throws IOException {
        int malformed = 0;
        byte[] toldState = StateCodec.encode(new StreamState(header.cpus(), header.observed()));
        for (StoredBlock block : blocks) {
            BlockInfo info = block.info();
            byte[] bytes = store.load(block);
            if (!block.isIntact(bytes)) {
                lost.because("checksum of block " + info.sequence() + " does not hold");
                continue;
            }
            try {
                // Before the lost event, so that a state that is nonsense makes its block a part of the gap.
                StreamState state = state(info, bytes);
                boolean gap = lost.before(info.firstOrdinal(), info.firstStep(), "blocks are missing");
                if (gap || !isStartState(info, bytes, toldState)) {
                    resume(consumer, state);
                }
                events(block, bytes, state, lost, consumer);
                toldState = StateCodec.encode(state);
            } catch (MalformedBlockException e) {
                // The bytes are as written, so the writer is at fault.
                lost.because("block " + info.sequence() + " was written wrongly: " + e.getMessage());
                if (++malformed == MALFORMED_MAX) {
                    lost.because("too many blocks that were written wrongly");
                    return;
                }
            }
        }
    }

    private static boolean isStartState(BlockInfo info, byte[] block, byte[] state) {
        int start = BlockLayout.STATE_OFFSET;
        return Arrays.equals(block, start, start + info.stateBytes(), state, 0, state.length);
    }

    private static void resume(EventConsumer consumer, StreamState state) {
        if (consumer instanceof StreamConsumer stream) {
            stream.resume(state);
        }
    }

    private static void events(
            StoredBlock block, byte[] bytes, StreamState state, LostEvents lost, EventConsumer consumer)
            throws MalformedBlockException {
        BlockInfo info = block.info();
        int payload = BlockLayout.STATE_OFFSET + info.stateBytes();
        EventDecoder decoder = new EventDecoder(new ByteInput(bytes, payload, payload + info.payloadBytes()), state);
        try {
            decoder.read(info.events(), info.firstOrdinal(), consumer);
            if (state.step() != info.lastStep()) {
                throw new MalformedBlockException("last event is of another step", bytes.length);
            }
            lost.passed(info);
        } catch (MalformedBlockException e) {
            lost.passed(decoder.done(), state.step());
            throw e;
        }
    }

    /** The state at the start of a block whose checksum holds. */
    StreamState state(BlockInfo info, byte[] bytes) throws MalformedBlockException {
        ByteInput in = new ByteInput(bytes, BlockLayout.STATE_OFFSET, BlockLayout.STATE_OFFSET + info.stateBytes());
        StreamState state = StateCodec.decode(in, header.cpus(), header.observed());
        if (state.step() != info.firstStep()) {
            throw new MalformedBlockException("start state is of another step", BlockLayout.STATE_OFFSET);
        }
        return state;
    }

    /** Reads one block and throws the events away; empty, or what is wrong with it. */
    String problem(StoredBlock block, byte[] bytes) {
        LostEvents lost = new LostEvents(event -> {}, block.info().firstOrdinal(), 0);
        try {
            events(block, bytes, state(block.info(), bytes), lost, event -> {});
            return "";
        } catch (MalformedBlockException e) {
            return "was written wrongly: " + e.getMessage();
        }
    }
}
