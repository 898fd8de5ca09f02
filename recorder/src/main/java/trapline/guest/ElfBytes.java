package trapline.guest;

import java.nio.charset.StandardCharsets;

/** The bytes of a file with bounds-checked little-endian access; what lies outside is a message, not a crash. */
final class ElfBytes {

    private final String file;
    private final byte[] bytes;

    ElfBytes(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    String file() {
        return file;
    }

    byte[] all() {
        return bytes;
    }

    int size() {
        return bytes.length;
    }

    int u16(long offset) throws GuestException {
        require(offset, 2, "a 16-bit field");
        int at = (int) offset;
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    int i32(long offset) throws GuestException {
        require(offset, 4, "a 32-bit field");
        int at = (int) offset;
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    long u32(long offset) throws GuestException {
        return i32(offset) & 0xffff_ffffL;
    }

    /** The NUL-terminated string at {@code start + index} inside a table of {@code size} bytes. */
    String string(long start, long size, long index, long fieldOffset) throws GuestException {
        if (index >= size) {
            throw fail(fieldOffset, "name at " + index + " lies outside its string table of " + size + " bytes");
        }
        int from = (int) (start + index);
        int limit = (int) Math.min(start + size, from + (long) Elf.NAME_BYTES_MAX);
        for (int at = from; at < limit; at++) {
            if (bytes[at] == 0) {
                return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
            }
        }
        throw fail(from, "name without an end, or longer than " + Elf.NAME_BYTES_MAX + " bytes");
    }

    /** Fails unless {@code size} bytes from {@code offset} lie inside the file. */
    void require(long offset, long size, String what) throws GuestException {
        if (offset < 0 || size < 0 || offset > bytes.length - size) {
            throw fail(offset, what + " (" + size + " bytes) lies outside the file of " + bytes.length + " bytes");
        }
    }

    GuestException fail(long offset, String what) {
        return GuestException.at(file, offset, what);
    }
}
