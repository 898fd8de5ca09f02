package trapline.journal;

import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockSink;
import trapline.block.JournalException;
import trapline.block.StorageException;

/**
 * Gives blocks their header, chain and checksum, in the order of their sequence, and divides them into files, each of
 * which begins with the header. Used by one thread.
 */
final class BlockWriter implements Closeable {

    private final BlockSink sink;
    private final FileRing ring;
    private final long bytesMax;
    private final MessageDigest sha256 = sha256();
    private final CRC32C crc = new CRC32C();
    private byte[] chain = new byte[BlockLayout.CHAIN_BYTES];
    private byte[] header = new byte[0];
    private int journal;
    private int previousCrc;
    private int sequence;
    private long bytes;

    BlockWriter(BlockSink sink, JournalOptions options) {
        this.sink = sink;
        this.ring = new FileRing(options);
        this.bytesMax = options.bytesMax() > 0 ? options.bytesMax() : Long.MAX_VALUE;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What tells the blocks of one journal from those of another: the checksum of its header's JSON. */
    static int journalOf(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** The digest of the events so far. */
    String digest() {
        return HexFormat.of().formatHex(chain);
    }

    /** Begins the journal. */
    void begin(byte[] headerPayload) throws IOException {
        if (headerPayload.length > BlockLayout.TEXT_BYTES_MAX) {
            throw new JournalException(
                    "a header of " + headerPayload.length + " bytes is too long; are there so many symbols?");
        }
        header = headerPayload;
        journal = journalOf(header, 0, header.length);
        text(BlockLayout.HEADER, 0, 0, header);
    }

    /** Ends the journal: the header once more, in case the first is damaged, and the footer. */
    void end(long ordinal, long step, byte[] footerPayload) throws IOException {
        text(BlockLayout.HEADER, ordinal, step, header);
        text(BlockLayout.FOOTER, ordinal, step, footerPayload);
    }

    private void text(byte type, long firstOrdinal, long step, byte[] payload) throws IOException {
        byte[] block = new byte[BlockLayout.length(0, payload.length)];
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
        if (ring.isFull(firstOrdinal)) {
            sink.roll();
            ring.rolled(firstOrdinal);
            text(BlockLayout.HEADER, firstOrdinal, firstStep, header);
        }
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
        while (ring.dropsOldest(firstOrdinal + events)) {
            sink.dropOldest();
        }
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
        BlockLayout.putInt(block, BlockLayout.JOURNAL_OFFSET, journal);
        System.arraycopy(chain, 0, block, BlockLayout.CHAIN_OFFSET, BlockLayout.CHAIN_BYTES);
        int length = info.length();
        int trailer = length - BlockLayout.TRAILER_BYTES;
        Arrays.fill(block, BlockLayout.STATE_OFFSET + info.stateBytes() + info.payloadBytes(), trailer, (byte) 0);
        crc.reset();
        crc.update(block, 0, trailer);
        int checksum = (int) crc.getValue();
        BlockLayout.putInt(block, trailer, checksum);
        BlockLayout.putInt(block, trailer + 4, ~BlockLayout.MAGIC);
        if (length > bytesMax - bytes) {
            throw new StorageException("the size limit of " + bytesMax + " bytes is reached; " + sequence
                    + " blocks are kept (raise the limit, or keep the last events only)");
        }
        sink.append(block, length);
        previousCrc = checksum;
        bytes += length;
        ring.appended(length);
        sequence++;
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
