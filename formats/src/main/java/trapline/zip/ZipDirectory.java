package trapline.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockLayout;
import trapline.block.JournalException;
import trapline.chronicle.FileWindow;

/**
 * The entries of a zip file by its directory. Before anything is unpacked the directory is checked: size, names (no way
 * out of a folder, no two that are one file on some system), a sum of lengths that the file can really hold, and what
 * stands in front of each entry ({@link ZipHeaders}).
 */
final class ZipDirectory implements ZipEntries {

    /** End record of a zip file without a comment; its layout is in APPNOTE.TXT 4.3.16. */
    private static final int END_BYTES = 22;

    private static final int END_MAGIC = 0x06054b50;
    private static final int DIRECTORY_BYTES_MAX = 1 << 24;

    /** Deflate makes at best one byte of this many; entries that lie over each other would give more. */
    private static final int RATIO_MAX = 1100;

    private final Path path;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries;

    private ZipDirectory(Path path, ZipFile zip, Map<String, ZipEntry> entries) {
        this.path = path;
        this.zip = zip;
        this.entries = entries;
    }

    /**
     * Opens a zip file.
     *
     * @param path a regular file
     * @throws JournalException if it is none, or one that nobody makes in good faith
     */
    static ZipDirectory open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new JournalException(path + ": is neither a journal nor a bundle");
        }
        String problem = problemOfEnd(path);
        if (!problem.isEmpty()) {
            throw new JournalException(path + ": is neither a journal nor a bundle (" + problem + ")");
        }
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (IOException | IllegalArgumentException e) {
            throw new JournalException(path + ": is a damaged bundle (" + e.getMessage() + ")", e);
        }
        try {
            Map<String, ZipEntry> entries = entries(path, zip);
            String headers = problemOfHeaders(path);
            if (!headers.isEmpty()) {
                throw new JournalException(path + ": is a damaged bundle (" + headers + ")");
            }
            return new ZipDirectory(path, zip, entries);
        } catch (JournalException e) {
            zip.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw new JournalException(path + ": is a damaged bundle (" + e.getMessage() + ")", e);
        }
    }

    /** Java reads the whole directory into memory, so its length is looked at first. */
    private static String problemOfEnd(Path path) throws IOException {
        byte[] end = new byte[END_BYTES];
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = file.size();
            if (size < END_BYTES || FileWindow.read(file, size - END_BYTES, end, END_BYTES) < END_BYTES) {
                return "too short";
            }
            long directory = BlockLayout.getInt(end, 12) & 0xffffffffL;
            if (BlockLayout.getInt(end, 0) != END_MAGIC) {
                return "it does not end as a zip file does; is it cut off?";
            }
            return directory > DIRECTORY_BYTES_MAX || directory > size ? "its directory is too long" : "";
        }
    }

    /** Called when Java can read the directory. */
    private static String problemOfHeaders(Path path) throws IOException {
        byte[] end = new byte[END_BYTES];
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long at = file.size() - END_BYTES;
            FileWindow.read(file, at, end, END_BYTES);
            long offset = BlockLayout.getInt(end, 16) & 0xffffffffL;
            return new ZipHeaders(file).problem(BlockLayout.getInt(end, 12), offset, at);
        }
    }

    private static Map<String, ZipEntry> entries(Path path, ZipFile zip) throws IOException {
        Map<String, ZipEntry> entries = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        long total = 0;
        for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
            String name = entry.getName();
            if (name.length() > ZipArchive.NAME_LENGTH_MAX
                    || !ZipArchive.NAME.matcher(name).matches()) {
                throw new JournalException(path + ": has an entry with a name that no bundle has: " + printable(name));
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new JournalException(path + ": has two entries named " + name);
            }
            total += Math.max(0, entry.getSize());
            if (total < 0 || total / RATIO_MAX > Files.size(path)) {
                throw new JournalException(path + ": says that it unpacks to more than it can hold");
            }
            entries.put(name, entry);
        }
        return entries;
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(40, name.length())).replaceAll("[^ -~]", "?");
    }

    @Override
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public byte @Nullable [] read(String name, int bytesMax) throws IOException {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        if (entry.getSize() < 0 || entry.getSize() > bytesMax) {
            throw new JournalException(path + ": " + name + ": is too long");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length != entry.getSize() || in.read() >= 0) {
                throw new JournalException(path + ": " + name + ": is not as long as it says");
            }
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (sum.getValue() != entry.getCrc()) {
                throw new JournalException(path + ": " + name + ": is damaged (its checksum does not hold)");
            }
            return bytes;
        } catch (ZipException | java.io.EOFException e) {
            throw new JournalException(path + ": " + name + ": is damaged (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
