package trapline.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.BlockSink;
import trapline.block.JournalHeader;
import trapline.block.StoredBlock;
import trapline.codec.EventEncoder;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.StreamState;

/**
 * Takes some events out of a block: coded anew behind the state before the first of them. The part has the number and
 * the chain of its block and a checksum of its own.
 */
final class BlockCutter implements EventConsumer {

    private final long fromStep;
    private final long toStep;
    private final BlockBuffer buffer;
    private final StreamState state;
    private @Nullable EventEncoder encoder;

    /**
     * Begins.
     *
     * @param header of the block's journal
     * @param start state at the block's start; changed
     * @param fromStep first step that is wanted
     * @param toStep last step that is wanted
     */
    BlockCutter(JournalHeader header, StreamState start, long fromStep, long toStep) {
        this.fromStep = fromStep;
        this.toStep = toStep;
        this.buffer = new BlockBuffer(header.cpus());
        this.state = start;
    }

    /** Takes the events of the block in their order. */
    @Override
    public void accept(Event event) {
        if (event.step() < fromStep) {
            state.apply(event);
        } else if (event.step() <= toStep) {
            EventEncoder open = encoder == null ? buffer.begin(state, event.ordinal()) : encoder;
            open.put(event);
            encoder = open;
        }
    }

    /**
     * The part, when all events have been taken.
     *
     * @param block the block
     * @param whole its bytes
     * @return the part's bytes; empty if no event was wanted
     */
    byte[] part(StoredBlock block, byte[] whole) throws IOException {
        if (encoder == null) {
            return new byte[0];
        }
        buffer.end(encoder, state);
        Taker taker = new Taker();
        try (BlockWriter writer = new BlockWriter(taker, JournalOptions.DEFAULT)) {
            buffer.writeTo(writer);
        }
        byte[] part = taker.block;
        part[BlockLayout.TYPE_OFFSET] = BlockLayout.PART;
        BlockLayout.putInt(part, BlockLayout.SEQUENCE_OFFSET, block.info().sequence());
        BlockLayout.putInt(part, BlockLayout.JOURNAL_OFFSET, block.journal());
        System.arraycopy(whole, BlockLayout.CHAIN_OFFSET, part, BlockLayout.CHAIN_OFFSET, BlockLayout.CHAIN_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(part, 0, part.length - BlockLayout.TRAILER_BYTES);
        BlockLayout.putInt(part, part.length - BlockLayout.TRAILER_BYTES, (int) crc.getValue());
        return part;
    }

    /** Keeps the one block that is written. */
    private static final class Taker implements BlockSink {

        private byte[] block = new byte[0];

        @Override
        public void append(byte[] bytes, int length) {
            block = Arrays.copyOf(bytes, length);
        }

        @Override
        public void roll() {
            throw new IllegalStateException("one block does not fill a file");
        }

        @Override
        public void dropOldest() {
            throw new IllegalStateException("one block does not fill a file");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
