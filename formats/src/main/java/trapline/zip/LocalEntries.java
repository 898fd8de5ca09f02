package trapline.zip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.JournalException;
import trapline.chronicle.FileWindow;

/**
 * The entries of a zip file by the headers that stand in front of each (APPNOTE.TXT 4.3.7), for a file whose directory is
 * damaged or cut off. Lengths in those headers are not believed: deflated content says itself where it ends, and what is
 * made of it has checksums of its own. Of two entries of one name the first counts.
 */
final class LocalEntries implements ZipEntries {

    private static final int MAGIC = 0x04034b50;
    private static final int HEADER_BYTES = 30;
    private static final int METHOD_OFFSET = 8;
    private static final int NAME_LENGTH_OFFSET = 26;
    private static final int DEFLATED = 8;
    private static final int ENTRIES_MAX = 1 << 17;
    private static final int WINDOW_BYTES = 1 << 18;

    /** All entries together unpack to no more than this and 16 times the file: they could lie over each other. */
    private static final long UNPACKED_BYTES_MAX = 1L << 28;

    private final Path path;
    private final FileChannel file;
    private final Map<String, Long> contents = new LinkedHashMap<>();
    private final Set<String> unpackedOnce = new HashSet<>();
    private long unpacked;

    private LocalEntries(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /** Searches a file; null if there is no block in it. */
    static @Nullable LocalEntries find(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return null;
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        LocalEntries entries = new LocalEntries(path, file);
        try {
            entries.search();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        if (entries.contents.keySet().stream().noneMatch(BundleBlocks::isBlock)) {
            file.close();
            return null;
        }
        return entries;
    }

    private void search() throws IOException {
        byte[] window = new byte[WINDOW_BYTES + HEADER_BYTES + ZipArchive.NAME_LENGTH_MAX];
        long size = file.size();
        for (long from = 0; from < size && contents.size() < ENTRIES_MAX; from += WINDOW_BYTES) {
            int read = FileWindow.read(file, from, window, (int) Math.min(window.length, size - from));
            for (int at = 0; at < Math.min(read, WINDOW_BYTES); at++) {
                if (window[at] == 'P' && at + HEADER_BYTES <= read && BlockLayout.getInt(window, at) == MAGIC) {
                    add(window, at, read, from);
                }
            }
        }
    }

    private void add(byte[] window, int at, int read, long from) {
        int lengths = BlockLayout.getInt(window, at + NAME_LENGTH_OFFSET);
        int nameLength = lengths & 0xffff;
        int method = BlockLayout.getInt(window, at + METHOD_OFFSET) & 0xffff;
        if (method != DEFLATED || nameLength > ZipArchive.NAME_LENGTH_MAX || at + HEADER_BYTES + nameLength > read) {
            return;
        }
        String name = new String(window, at + HEADER_BYTES, nameLength, StandardCharsets.ISO_8859_1);
        if (ZipArchive.NAME.matcher(name).matches()) {
            contents.putIfAbsent(name, from + at + HEADER_BYTES + nameLength + (lengths >>> 16));
        }
    }

    @Override
    public List<String> names() {
        return new ArrayList<>(contents.keySet());
    }

    @Override
    public synchronized byte @Nullable [] read(String name, int bytesMax) throws IOException {
        Long offset = contents.get(name);
        if (offset == null) {
            return null;
        }
        if (unpacked > UNPACKED_BYTES_MAX + 16 * file.size()) {
            throw new JournalException(path + ": unpacks to more than it can hold");
        }
        Inflater inflater = new Inflater(true);
        try (InputStream in = new InflaterInputStream(new ChannelInput(file, offset), inflater, 1 << 13)) {
            byte[] content = in.readNBytes(bytesMax);
            if (in.read() >= 0) {
                throw new JournalException(path + ": " + name + ": is too long");
            }
            return content;
        } catch (ZipException | EOFException e) {
            throw new JournalException(path + ": " + name + ": is damaged (" + e.getMessage() + ")", e);
        } finally {
            if (unpackedOnce.add(name)) {
                unpacked += inflater.getBytesWritten();
            }
            inflater.end();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** A file from an offset on; does not close it. */
    private static final class ChannelInput extends InputStream {

        private final FileChannel file;
        private long position;

        ChannelInput(FileChannel file, long position) {
            this.file = file;
            this.position = position;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = file.read(ByteBuffer.wrap(bytes, offset, length), position);
            position += Math.max(0, count);
            return count;
        }
    }
}
