package trapline.journal;

import java.util.Arrays;

/** Bytes being written, with varints: 7 bits a byte, least significant first, the top bit says that more follow. */
final class ByteOutput {

    /** The longest varint of 64 bits. */
    static final int VARINT_BYTES_MAX = 10;

    byte[] bytes;
    int length;

    ByteOutput(int capacity) {
        bytes = new byte[capacity];
    }

    void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    void putByte(int value) {
        bytes[length++] = (byte) value;
    }

    /** Writes an unsigned 64-bit number; the caller has ensured room. */
    void putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Writes a signed number so that small magnitudes are short. */
    void putSigned(long value) {
        putVarint((value << 1) ^ (value >> 63));
    }

    void putBytes(byte[] source) {
        ensure(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }
}
