package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Gives blocks their header, chain and checksum, in the order of their sequence. Used by one thread. */
final class BlockWriter implements Closeable {

    private final BlockSink sink;
    private final MessageDigest sha256 = sha256();
    private final CRC32C crc = new CRC32C();
    private byte[] chain = new byte[BlockLayout.CHAIN_BYTES];
    private int previousCrc;
    private int sequence;

    BlockWriter(BlockSink sink) {
        this.sink = sink;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of the events so far. */
    String digest() {
        return HexFormat.of().formatHex(chain);
    }

    /** Writes a block of text: a header or a footer. */
    void writeText(byte type, long firstOrdinal, long step, String json) throws IOException {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        byte[] block = new byte[BlockLayout.length(0, payload.length)];
        if (block.length > BlockLayout.BLOCK_BYTES_MAX) {
            throw new JournalException(
                    "a header of " + block.length + " bytes is too long; are there so many symbols?");
        }
        System.arraycopy(payload, 0, block, BlockLayout.STATE_OFFSET, payload.length);
        write(new BlockInfo(type, sequence, 0, firstOrdinal, step, step, 0, payload.length), block);
    }

    /**
     * Writes a block of events and moves the chain on.
     *
     * @param block state and payload from {@link BlockLayout#STATE_OFFSET} on, with room for the trailer
     */
    void writeEvents(
            int events,
            long firstOrdinal,
            long firstStep,
            long lastStep,
            int stateBytes,
            int payloadBytes,
            byte[] block)
            throws IOException {
        write(
                new BlockInfo(
                        BlockLayout.EVENTS,
                        sequence,
                        events,
                        firstOrdinal,
                        firstStep,
                        lastStep,
                        stateBytes,
                        payloadBytes),
                block);
        chain = nextChain(sha256, chain, block, BlockLayout.STATE_OFFSET + stateBytes, payloadBytes);
    }

    static byte[] nextChain(MessageDigest sha256, byte[] chain, byte[] block, int payloadOffset, int payloadBytes) {
        sha256.reset();
        sha256.update(chain);
        sha256.update(block, payloadOffset, payloadBytes);
        return sha256.digest();
    }

    private void write(BlockInfo info, byte[] block) throws IOException {
        info.put(block);
        BlockLayout.putInt(block, BlockLayout.PREVIOUS_CRC_OFFSET, previousCrc);
        BlockLayout.putInt(block, BlockLayout.PREVIOUS_CRC_OFFSET + 4, 0);
        System.arraycopy(chain, 0, block, BlockLayout.CHAIN_OFFSET, BlockLayout.CHAIN_BYTES);
        int length = info.length();
        int trailer = length - BlockLayout.TRAILER_BYTES;
        Arrays.fill(block, BlockLayout.STATE_OFFSET + info.stateBytes() + info.payloadBytes(), trailer, (byte) 0);
        crc.reset();
        crc.update(block, 0, trailer);
        previousCrc = (int) crc.getValue();
        BlockLayout.putInt(block, trailer, previousCrc);
        BlockLayout.putInt(block, trailer + 4, ~BlockLayout.MAGIC);
        sink.append(block, length);
        sequence++;
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
