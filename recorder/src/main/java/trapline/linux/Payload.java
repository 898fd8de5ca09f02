package trapline.linux;

import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.SingleXZInputStream;
import trapline.guest.GuestException;

/** The compressed kernel inside a bzImage: gzip, xz, lzma, lz4, zstd or not compressed; pure Java, and bounded. */
final class Payload {
    private static final int LZ4_BLOCK_BYTES = 8 << 20;
    private static final int ELF_MAGIC = 0x464c_457f;
    private static final int LZ4_MAGIC = 0x184c_2102;
    private static final int ZSTD_MAGIC = 0xfd2f_b528;
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private Payload() {}

    /** A way to open a compressed stream. */
    private interface Opener {
        InputStream open(InputStream in) throws IOException;
    }

    /**
     * Unpacks.
     *
     * @param name of the file, in messages
     * @param bytesMax what the kernel says that it needs, which bounds its size
     * @throws GuestException if it is damaged, larger, or packed in a way that is not known
     */
    static byte[] unpack(String name, byte[] payload, int bytesMax) throws GuestException {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt(0);
        try {
            byte[] elf = unpack(in, payload, magic, bytesMax);
            if (elf.length < 4
                    || ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN).getInt(0) != ELF_MAGIC) {
                throw new GuestException(name + ": its payload holds no ELF file");
            }
            return elf;
        } catch (IOException | RuntimeException e) {
            throw new GuestException(name + ": its payload cannot be unpacked: " + e.getMessage());
        }
    }

    private static byte[] unpack(ByteBuffer in, byte[] payload, int magic, int bytesMax) throws IOException {
        if (magic == ELF_MAGIC) {
            return payload;
        }
        if (magic == LZ4_MAGIC) {
            return lz4(in, payload, bytesMax);
        }
        if (magic == ZSTD_MAGIC) {
            return zstd(in, payload, bytesMax);
        }
        if ((magic & 0xffff) == 0x8b1f) {
            return all(payload, GZIPInputStream::new, bytesMax);
        }
        if (magic == 0x587a_37fd) {
            return all(payload, stream -> new SingleXZInputStream(stream, XZ_MEMORY_KIB), bytesMax);
        }
        if ((magic & 0xff_ffff) == 0x68_5a42) {
            throw new IOException("bzip2 is not known here; unpack it (scripts/extract-vmlinux) and give the vmlinux");
        }
        if ((magic & 0xffff) == 0x5d) {
            return all(payload, stream -> new LZMAInputStream(stream, XZ_MEMORY_KIB), bytesMax);
        }
        throw new IOException(String.format("unknown compression, it begins with %08x", Integer.reverseBytes(magic)));
    }

    private static byte[] all(byte[] payload, Opener opener, int bytesMax) throws IOException {
        try (InputStream stream = opener.open(new ByteArrayInputStream(payload))) {
            byte[] result = stream.readNBytes(bytesMax);
            if (result.length == bytesMax && stream.read() >= 0) {
                throw new IOException("it is larger than the " + bytesMax + " bytes that its header says");
            }
            return result;
        }
    }

    /** The size that the kernel's build appends to a payload; it bounds what is allocated. */
    private static int appendedSize(ByteBuffer in, int bytesMax) throws IOException {
        long size = in.getInt(in.capacity() - 4) & 0xffff_ffffL;
        if (size > bytesMax) {
            throw new IOException("it is to be " + size + " bytes, the header says at most " + bytesMax);
        }
        return (int) size;
    }

    /** The old format: blocks of at most 8 MiB, each behind its length. */
    private static byte[] lz4(ByteBuffer in, byte[] payload, int bytesMax) throws IOException {
        byte[] result = new byte[appendedSize(in, bytesMax)];
        Lz4Decompressor decompressor = new Lz4Decompressor();
        int at = 4;
        int done = 0;
        while (done < result.length && at + 4 <= payload.length - 4) {
            int length = in.getInt(at);
            if (length == LZ4_MAGIC) {
                at += 4;
                continue;
            }
            if (length < 0 || length > payload.length - at - 4) {
                throw new IOException("a block of " + length + " bytes at " + at + " goes beyond it");
            }
            int room = Math.min(LZ4_BLOCK_BYTES, result.length - done);
            done += decompressor.decompress(payload, at + 4, length, result, done, room);
            at += 4 + length;
        }
        if (done != result.length) {
            throw new IOException("it ends after " + done + " of " + result.length + " bytes");
        }
        return result;
    }

    /**
     * One frame. The decompressor refuses windows above 8 MiB, but it has the whole result at hand, so the window that the
     * frame asks for is of no consequence and is made smaller in the header.
     */
    private static byte[] zstd(ByteBuffer in, byte[] payload, int bytesMax) throws IOException {
        byte[] result = new byte[appendedSize(in, bytesMax)];
        byte[] frame = Arrays.copyOf(payload, payload.length - 4);
        boolean hasWindow = (frame[4] & 0x20) == 0;
        if (hasWindow && (frame[5] & 0xff) > 0x68) {
            frame[5] = 0x68;
        }
        int done = new ZstdDecompressor().decompress(frame, 0, frame.length, result, 0, result.length);
        if (done != result.length) {
            throw new IOException("it ends after " + done + " of " + result.length + " bytes");
        }
        return result;
    }
}
