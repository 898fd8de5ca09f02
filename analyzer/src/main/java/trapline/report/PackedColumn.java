package trapline.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;

/** Bytes of one column of packed events: unsigned numbers in groups of seven bits, least significant first. */
final class PackedColumn {

    private byte[] bytes = new byte[64];
    private int size;

    /** Appends a number; a negative one as its 64-bit pattern. */
    void unsigned(long value) {
        if (size + 10 > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, bytes.length * 2);
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Appends a number that may be negative: 0, -1, 1, -2 … become 0, 1, 2, 3 …. */
    void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        for (byte b : utf8) {
            if (size == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, bytes.length * 2);
            }
            bytes[size++] = b;
        }
    }

    int size() {
        return size;
    }

    void writeTo(ByteArrayOutputStream out) {
        out.write(bytes, 0, size);
    }

    /** Raw deflate (RFC 1951), then base64. */
    static String packed(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
            byte[] buffer = new byte[1 << 14];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return Base64.getEncoder().encodeToString(out.toByteArray());
        } finally {
            deflater.end();
        }
    }
}
