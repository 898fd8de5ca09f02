package trapline.zip;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalException;

/**
 * A zip file from anybody. Reading an entry is limited by the caller, whatever the entry says of itself. Where the
 * directory at the file's end is damaged or cut off, entries can still be found by the headers in front of them.
 */
public final class ZipArchive implements Closeable {

    static final int NAME_LENGTH_MAX = 200;
    static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_+][A-Za-z0-9._+-]*/){0,8}[A-Za-z0-9_+][A-Za-z0-9._+-]*");

    private final Path path;
    private final ZipEntries entries;
    private final String problem;

    private ZipArchive(Path path, ZipEntries entries, String problem) {
        this.path = path;
        this.entries = entries;
        this.problem = problem;
    }

    /**
     * Opens a zip file by its directory.
     *
     * @param path a regular file
     * @return the archive
     * @throws JournalException if it is none, or one that nobody makes in good faith
     */
    public static ZipArchive open(Path path) throws IOException {
        return new ZipArchive(path, ZipDirectory.open(path), "");
    }

    /**
     * Opens a zip file even if its directory is of no use.
     *
     * @param path a regular file
     * @return the archive; {@link #problem} says what is wrong with it
     * @throws JournalException if there is no entry of a bundle in it
     */
    public static ZipArchive openDamaged(Path path) throws IOException {
        try {
            return open(path);
        } catch (JournalException e) {
            LocalEntries found = LocalEntries.find(path);
            if (found == null) {
                throw e;
            }
            String why = String.valueOf(e.getMessage()).replace(path + ": ", "");
            return new ZipArchive(path, found, "the zip directory cannot be used: the file " + why);
        }
    }

    /** What is wrong with the directory; empty if it is used. */
    String problem() {
        return problem;
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** Names of the entries. */
    public List<String> names() {
        return entries.names();
    }

    /**
     * Unpacks an entry.
     *
     * @param name from {@link #names}
     * @param bytesMax the most that it may unpack to
     * @return its bytes; null if there is no such entry
     * @throws JournalException if it is longer, or damaged
     */
    public byte @Nullable [] read(String name, int bytesMax) throws IOException {
        return entries.read(name, bytesMax);
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
