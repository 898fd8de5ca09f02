package trapline.journal;

import trapline.block.BlockLayout;
import trapline.block.ByteOutput;
import trapline.codec.EventEncoder;
import trapline.codec.OtherColumn;
import trapline.codec.Prediction;
import trapline.codec.StateCodec;
import trapline.events.StreamState;

/** A block being filled: room for header, start state, payload and trailer in one array. */
final class BlockBuffer {

    private final ByteOutput out = new ByteOutput(EventEncoder.BUFFER_BYTES + (1 << 16));
    private final Prediction prediction;
    private final OtherColumn others;
    private int stateBytes;
    private long firstOrdinal;
    private long firstStep;
    private long lastStep;
    private int events;
    private int payloadStart;

    BlockBuffer(int cpus) {
        prediction = new Prediction(cpus);
        others = new OtherColumn(cpus);
    }

    /** Starts a block at a state. */
    EventEncoder begin(StreamState state, long ordinal) {
        byte[] encoded = StateCodec.encode(state);
        stateBytes = encoded.length;
        firstOrdinal = ordinal;
        firstStep = state.step();
        payloadStart = BlockLayout.STATE_OFFSET + stateBytes;
        out.length = 0;
        out.ensure(payloadStart + EventEncoder.BUFFER_BYTES + BlockLayout.TRAILER_BYTES + 4);
        System.arraycopy(encoded, 0, out.bytes, BlockLayout.STATE_OFFSET, stateBytes);
        out.length = payloadStart;
        return new EventEncoder(state, out, prediction.begin(state), others.begin(state));
    }

    /** Ends the block: moves the state past its last event and fixes its lengths. */
    void end(EventEncoder encoder, StreamState state) {
        encoder.end();
        events = encoder.events();
        lastStep = state.step();
    }

    /** Length of the events, once the block has ended. */
    int payloadBytes() {
        return out.length - payloadStart;
    }

    void writeTo(BlockWriter writer) throws java.io.IOException {
        writer.writeEvents(events, firstOrdinal, firstStep, lastStep, stateBytes, out.length - payloadStart, out.bytes);
    }
}
