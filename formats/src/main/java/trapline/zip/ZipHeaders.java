package trapline.zip;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import trapline.block.BlockLayout;
import trapline.chronicle.FileWindow;

/**
 * What a zip file says twice: in its directory (APPNOTE.TXT 4.3.12) and in front of each entry (4.3.7). Programs differ in
 * which of them they believe, so a file in which they differ shows one thing to one reader and another to the next. The
 * entries have to follow each other without a gap from the first byte to the directory: nothing stands in between or in
 * front that no reader of the directory sees.
 */
final class ZipHeaders {

    private static final int LOCAL_MAGIC = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ENTRY_MAGIC = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int DESCRIPTOR_MAGIC = 0x08074b50;
    private static final int LENGTHS_FOLLOW = 8;

    /** What stands between directory and end record where there are more than 65,534 entries (4.3.14, 4.3.15). */
    private static final int MANY_BYTES = 76;

    private static final int MANY_MAGIC = 0x06064b50;

    /** An entry as the directory describes it; {@code flags} has the method in its upper half. */
    private record Entry(String name, int flags, int crc, long packed, long unpacked, long offset) {}

    private final FileChannel file;
    private final byte[] local = new byte[LOCAL_BYTES + ZipArchive.NAME_LENGTH_MAX];

    ZipHeaders(FileChannel file) {
        this.file = file;
    }

    /**
     * Compares.
     *
     * @param length of the directory
     * @param offset where the end record says that it starts
     * @param endRecord where the end record stands
     * @return what is wrong, or nothing
     */
    String problem(int length, long offset, long endRecord) throws IOException {
        long end = endRecord - (isMagic(endRecord - MANY_BYTES, MANY_MAGIC) ? MANY_BYTES : 0);
        if (end - length != offset) {
            return end - length > offset
                    ? "there are " + (end - length - offset) + " bytes that do not belong to it"
                    : "its end record says a place that is none";
        }
        byte[] directory = new byte[length];
        FileWindow.read(file, offset, directory, length);
        List<Entry> entries = entries(directory);
        entries.sort(Comparator.comparingLong(Entry::offset));
        long at = 0;
        for (Entry entry : entries) {
            if (entry.offset() != at) {
                return "what stands at offset " + at + " is not in its directory";
            }
            long content = content(entry);
            if (content < 0) {
                return entry.name() + " is another entry in the directory than where it stands";
            }
            at = behind(entry, content + entry.packed());
        }
        return at == offset ? "" : "what stands at offset " + at + " is not in its directory";
    }

    private boolean isMagic(long offset, int magic) throws IOException {
        return offset >= 0 && FileWindow.read(file, offset, local, 4) == 4 && BlockLayout.getInt(local, 0) == magic;
    }

    /** As far as they can be read: Java has refused a broken directory before. */
    private static List<Entry> entries(byte[] bytes) {
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        while (at + ENTRY_BYTES <= bytes.length && BlockLayout.getInt(bytes, at) == ENTRY_MAGIC) {
            int nameAndExtra = BlockLayout.getInt(bytes, at + 28);
            int name = Math.min(nameAndExtra & 0xffff, bytes.length - at - ENTRY_BYTES);
            entries.add(new Entry(
                    new String(bytes, at + ENTRY_BYTES, name, StandardCharsets.ISO_8859_1),
                    BlockLayout.getInt(bytes, at + 8),
                    BlockLayout.getInt(bytes, at + 16),
                    BlockLayout.getInt(bytes, at + 20) & 0xffffffffL,
                    BlockLayout.getInt(bytes, at + 24) & 0xffffffffL,
                    BlockLayout.getInt(bytes, at + 42) & 0xffffffffL));
            int comment = BlockLayout.getInt(bytes, at + 32) & 0xffff;
            at += ENTRY_BYTES + name + (nameAndExtra >>> 16) + comment;
        }
        return entries;
    }

    /** Where the content of an entry starts; negative if another one stands there. */
    private long content(Entry entry) throws IOException {
        int length = LOCAL_BYTES + entry.name().length();
        if (length > local.length || FileWindow.read(file, entry.offset(), local, length) < length) {
            return -1;
        }
        int lengths = BlockLayout.getInt(local, 26);
        byte[] name = entry.name().getBytes(StandardCharsets.ISO_8859_1);
        boolean same = BlockLayout.getInt(local, 0) == LOCAL_MAGIC
                && BlockLayout.getInt(local, 6) == entry.flags()
                && (lengths & 0xffff) == name.length
                && Arrays.equals(name, 0, name.length, local, LOCAL_BYTES, length)
                && (lengthsFollow(entry) || sameLengths(entry, local, 14));
        return same ? entry.offset() + length + (lengths >>> 16) : -1;
    }

    private static boolean lengthsFollow(Entry entry) {
        return (entry.flags() & LENGTHS_FOLLOW) != 0;
    }

    private static boolean sameLengths(Entry entry, byte[] bytes, int at) {
        return BlockLayout.getInt(bytes, at) == entry.crc()
                && BlockLayout.getInt(bytes, at + 4) == (int) entry.packed()
                && BlockLayout.getInt(bytes, at + 8) == (int) entry.unpacked();
    }

    /** Where the next entry has to stand; negative if the lengths that follow are others. */
    private long behind(Entry entry, long end) throws IOException {
        if (!lengthsFollow(entry)) {
            return end;
        }
        byte[] descriptor = new byte[16];
        FileWindow.read(file, end, descriptor, descriptor.length);
        int magic = BlockLayout.getInt(descriptor, 0) == DESCRIPTOR_MAGIC ? 4 : 0;
        return sameLengths(entry, descriptor, magic) ? end + magic + 12 : -1;
    }
}
