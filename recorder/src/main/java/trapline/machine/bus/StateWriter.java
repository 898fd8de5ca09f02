package trapline.machine.bus;

import java.util.Arrays;

/** Where parts of a machine write their state: little-endian values, one after the other. */
public final class StateWriter {
    private byte[] bytes = new byte[256];
    private int length;

    /** Appends a byte. */
    public StateWriter i8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Appends 1 or 0. */
    public StateWriter bool(boolean value) {
        return i8(value ? 1 : 0);
    }

    /** Appends four bytes. */
    public StateWriter i32(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            i8(value >>> shift);
        }
        return this;
    }

    /** Appends eight bytes. */
    public StateWriter i64(long value) {
        return i32((int) value).i32((int) (value >>> 32));
    }

    /** Appends their number and the bytes. */
    public StateWriter bytes(byte[] values, int count) {
        i32(count);
        room(count);
        System.arraycopy(values, 0, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends their number and the values. */
    public StateWriter ints(int... values) {
        i32(values.length);
        for (int value : values) {
            i32(value);
        }
        return this;
    }

    /** What was written so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
    }
}
