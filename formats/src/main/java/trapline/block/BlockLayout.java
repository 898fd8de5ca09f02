package trapline.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of a block.
 *
 * <pre>
 *  0        4        6    7    8        12       16
 *  +--------+--------+----+----+--------+--------+
 *  | magic  |version |type| 0  |sequence| events |
 *  +--------+--------+----+----+--------+--------+   sequence: number of the block in the journal, from 0
 *  16                24                32
 *  +-----------------+-----------------+
 *  | first ordinal   | first step      |               of its events; in a header 0, in a footer those that would follow
 *  +-----------------+--------+--------+
 *  | last step       |state   |payload |               32..40..44..48: lengths of the two parts in bytes
 *  +--------+--------+--------+--------+
 *  |previous| journal|                                 48..52..56: CRC of the block before (in block 0: 0), and
 *  +--------+--------+-----------------+              CRC-32C of the header's payload: which journal it belongs to
 *  | chain before this block (32 bytes)|               56..88
 *  +-----------------------------------+
 *  | state ...       | payload ...     |               88..
 *  +--------+--------+-----------------+
 *  | zero bytes up to a multiple of 4  |
 *  +--------+--------+
 *  | CRC-32C| ~magic |                                 the CRC covers everything before it
 *  +--------+--------+
 * </pre>
 */
public final class BlockLayout {

    /** "TPLB" in ASCII. */
    public static final int MAGIC = 0x424c5054;

    public static final int VERSION = 1;

    public static final byte HEADER = 1;
    public static final byte EVENTS = 2;
    public static final byte FOOTER = 3;
    public static final byte PART = 4;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + 4;
    public static final int TYPE_OFFSET = VERSION_OFFSET + 2;
    public static final int SEQUENCE_OFFSET = TYPE_OFFSET + 2;
    static final int EVENTS_OFFSET = SEQUENCE_OFFSET + 4;
    static final int FIRST_ORDINAL_OFFSET = EVENTS_OFFSET + 4;
    static final int FIRST_STEP_OFFSET = FIRST_ORDINAL_OFFSET + 8;
    static final int LAST_STEP_OFFSET = FIRST_STEP_OFFSET + 8;
    static final int STATE_LENGTH_OFFSET = LAST_STEP_OFFSET + 8;
    static final int PAYLOAD_LENGTH_OFFSET = STATE_LENGTH_OFFSET + 4;
    public static final int PREVIOUS_CRC_OFFSET = PAYLOAD_LENGTH_OFFSET + 4;
    public static final int JOURNAL_OFFSET = PREVIOUS_CRC_OFFSET + 4;
    public static final int CHAIN_OFFSET = JOURNAL_OFFSET + 4;
    public static final int CHAIN_BYTES = 32;
    public static final int STATE_OFFSET = CHAIN_OFFSET + CHAIN_BYTES;
    public static final int TRAILER_BYTES = 8;

    /** Events of a block at the most. */
    public static final int EVENTS_MAX = 1 << 18;

    /** A block ends when its payload has reached this many bytes. */
    public static final int PAYLOAD_LIMIT_BYTES = 1 << 18;

    /** No payload of events is longer; a length beyond it is damage. */
    public static final int EVENTS_BYTES_MAX = 1 << 20;

    /** No start state is longer. */
    public static final int STATE_BYTES_MAX = 1 << 22;

    /** No header or footer is longer. A header holds the symbols: some hundred thousand of them fit. */
    public static final int TEXT_BYTES_MAX = 1 << 24;

    /** Steps and ordinals end here, so that sums of them do not overflow. */
    static final long NUMBER_MAX = 1L << 62;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BlockLayout() {}

    public static int length(int stateBytes, int payloadBytes) {
        return ((STATE_OFFSET + stateBytes + payloadBytes + 3) & ~3) + TRAILER_BYTES;
    }

    public static int getInt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    public static void putInt(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    public static long getLong(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    static void putLong(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }
}
