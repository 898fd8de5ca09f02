package trapline.block;

import java.util.Arrays;

/** Bytes being written, with varints: 7 bits a byte, least significant first, the top bit says that more follow. */
public final class ByteOutput {

    /** The longest varint of 64 bits. */
    public static final int VARINT_BYTES_MAX = 10;

    public byte[] bytes;
    public int length;

    public ByteOutput(int capacity) {
        bytes = new byte[capacity];
    }

    public void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public void putByte(int value) {
        bytes[length++] = (byte) value;
    }

    /** Writes an unsigned 64-bit number; the caller has ensured room. */
    public void putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Writes a signed number so that small magnitudes are short. */
    public void putSigned(long value) {
        putVarint((value << 1) ^ (value >> 63));
    }

    public void putBytes(byte[] source) {
        ensure(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }
}
