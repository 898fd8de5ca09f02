package trapline.machine.bus;

import java.util.Arrays;

/** Reads what a {@link StateWriter} wrote, in the same order; all methods throw IllegalArgumentException if it is too short. */
public final class StateReader {
    private final byte[] bytes;
    private int at;

    /** A reader from the start of {@code bytes}. */
    public StateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The next byte, 0–255. */
    public int i8() {
        require(1);
        return bytes[at++] & 0xff;
    }

    /** The next byte as a truth value. */
    public boolean bool() {
        return i8() != 0;
    }

    /** The next four bytes. */
    public int i32() {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= i8() << shift;
        }
        return value;
    }

    /** The next eight bytes. */
    public long i64() {
        long low = i32() & 0xffff_ffffL;
        return low | ((long) i32() << 32);
    }

    /** The next bytes, as many as were written together. */
    public byte[] bytes() {
        int count = i32();
        require(count);
        byte[] result = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return result;
    }

    /** The next values, as many as were written together. */
    public int[] ints() {
        int count = i32();
        require(4L * count);
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = i32();
        }
        return result;
    }

    /** Fills {@code values} with the next ones, which must be as many. */
    public void ints(int[] values) {
        int[] read = ints();
        if (read.length != values.length) {
            throw new IllegalArgumentException(
                    "state has " + read.length + " values where " + values.length + " belong");
        }
        System.arraycopy(read, 0, values, 0, read.length);
    }

    private void require(long count) {
        if (count < 0 || count > bytes.length - at) {
            throw new IllegalArgumentException(
                    "state ends after " + bytes.length + " bytes, " + count + " more are missing");
        }
    }
}
