package trapline.block;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The header of a block.
 *
 * @param type {@link BlockLayout#HEADER}, {@link BlockLayout#EVENTS}, {@link BlockLayout#FOOTER} or
 *     {@link BlockLayout#PART}
 * @param sequence number of the block in the journal, from 0
 * @param events number of events
 * @param firstOrdinal ordinal of the first event
 * @param firstStep step of the start state
 * @param lastStep step of the last event, or of the start state where there is none
 * @param stateBytes length of the start state
 * @param payloadBytes length of the events, or of the JSON
 */
public record BlockInfo(
        byte type,
        int sequence,
        int events,
        long firstOrdinal,
        long firstStep,
        long lastStep,
        int stateBytes,
        int payloadBytes) {

    /** Length of the whole block in bytes. */
    public int length() {
        return BlockLayout.length(stateBytes, payloadBytes);
    }

    /** Whether it holds events: all that were written as one block, or a part of them. */
    public boolean hasEvents() {
        return type == BlockLayout.EVENTS || type == BlockLayout.PART;
    }

    /** Whether it holds some events of a block that was cut for a slice. */
    public boolean isPart() {
        return type == BlockLayout.PART;
    }

    /** The header of a block that was written here. */
    public static BlockInfo of(byte[] block) {
        return Objects.requireNonNull(get(block, 0));
    }

    public void put(byte[] block) {
        BlockLayout.putInt(block, BlockLayout.MAGIC_OFFSET, BlockLayout.MAGIC);
        BlockLayout.putInt(block, BlockLayout.VERSION_OFFSET, BlockLayout.VERSION | (type << 16));
        BlockLayout.putInt(block, BlockLayout.SEQUENCE_OFFSET, sequence);
        BlockLayout.putInt(block, BlockLayout.EVENTS_OFFSET, events);
        BlockLayout.putLong(block, BlockLayout.FIRST_ORDINAL_OFFSET, firstOrdinal);
        BlockLayout.putLong(block, BlockLayout.FIRST_STEP_OFFSET, firstStep);
        BlockLayout.putLong(block, BlockLayout.LAST_STEP_OFFSET, lastStep);
        BlockLayout.putInt(block, BlockLayout.STATE_LENGTH_OFFSET, stateBytes);
        BlockLayout.putInt(block, BlockLayout.PAYLOAD_LENGTH_OFFSET, payloadBytes);
    }

    /**
     * Reads the header of a block.
     *
     * @param block at least {@link BlockLayout#STATE_OFFSET} bytes from the offset on
     * @param offset where the block starts
     * @return null where no block of this format can start with these bytes
     */
    public static @Nullable BlockInfo get(byte[] block, int offset) {
        int versionAndType = BlockLayout.getInt(block, offset + BlockLayout.VERSION_OFFSET);
        int type = versionAndType >>> 16;
        int events = BlockLayout.getInt(block, offset + BlockLayout.EVENTS_OFFSET);
        long firstOrdinal = BlockLayout.getLong(block, offset + BlockLayout.FIRST_ORDINAL_OFFSET);
        long firstStep = BlockLayout.getLong(block, offset + BlockLayout.FIRST_STEP_OFFSET);
        long lastStep = BlockLayout.getLong(block, offset + BlockLayout.LAST_STEP_OFFSET);
        int stateBytes = BlockLayout.getInt(block, offset + BlockLayout.STATE_LENGTH_OFFSET);
        int payloadBytes = BlockLayout.getInt(block, offset + BlockLayout.PAYLOAD_LENGTH_OFFSET);
        int sequence = BlockLayout.getInt(block, offset + BlockLayout.SEQUENCE_OFFSET);
        BlockInfo info = new BlockInfo(
                (byte) type, sequence, events, firstOrdinal, firstStep, lastStep, stateBytes, payloadBytes);
        return BlockLayout.getInt(block, offset + BlockLayout.MAGIC_OFFSET) == BlockLayout.MAGIC
                        && type <= Byte.MAX_VALUE
                        && info.isPossible()
                ? info
                : null;
    }

    private boolean isPossible() {
        return sequence >= 0
                && firstOrdinal >= 0
                && firstOrdinal <= BlockLayout.NUMBER_MAX
                && firstStep >= 0
                && lastStep >= firstStep
                && lastStep <= BlockLayout.NUMBER_MAX
                && (hasEvents() ? canBeEvents() : canBeText());
    }

    private boolean canBeEvents() {
        return events > 0
                && events <= BlockLayout.EVENTS_MAX
                && events <= payloadBytes
                && payloadBytes <= BlockLayout.EVENTS_BYTES_MAX
                && stateBytes >= 0
                && stateBytes <= BlockLayout.STATE_BYTES_MAX;
    }

    private boolean canBeText() {
        return (type == BlockLayout.HEADER || type == BlockLayout.FOOTER)
                && events == 0
                && stateBytes == 0
                && payloadBytes > 0
                && payloadBytes <= BlockLayout.TEXT_BYTES_MAX;
    }

    /** Ordinal of the event after its last. */
    public long endOrdinal() {
        return firstOrdinal + events;
    }

    /** The format version in a block's header, whatever else the header holds. */
    public static int version(byte[] block, int offset) {
        return BlockLayout.getInt(block, offset + BlockLayout.VERSION_OFFSET) & 0xffff;
    }
}
