package trapline.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalException;
import trapline.zip.ZipArchive;

/**
 * Objects and sources of a guest beside the blocks: the folder {@code guest} of a journal's directory, or the entries
 * {@code guest/…} of a bundle. A journal has it where the catalogue does not hold them all.
 */
public final class GuestFolder {

    /** The folder's name in a journal's directory and in a bundle. */
    public static final String NAME = "guest";

    /** The longest object that a guest is linked from. */
    public static final int FILE_BYTES_MAX = 1 << 26;

    private GuestFolder() {}

    /**
     * Writes files beside a journal's blocks.
     *
     * @param journal directory of a journal
     * @param files content by name, such as {@code flows/my-patch.o}
     * @throws IOException if one cannot be written, or is there already
     */
    public static void write(Path journal, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> entry : files.entrySet()) {
            write(journal, entry.getKey(), entry.getValue());
        }
    }

    private static void write(Path journal, String name, byte[] content) throws IOException {
        Path file = journal.resolve(NAME).resolve(BundleWriter.safePath(name));
        Files.createDirectories(Objects.requireNonNullElse(file.getParent(), journal));
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new JournalException(
                    NAME + "/" + BundleWriter.safePath(name) + ": two parts of the guest are one file, the second is "
                            + name,
                    e);
        }
    }

    /**
     * Looks for a file.
     *
     * @param path a journal or bundle
     * @param name such as {@code flows/my-patch.o}
     * @param sha256 what it must be; empty: whatever it is
     * @return null if it is not there, or another one
     * @throws IOException if it cannot be read
     */
    public static byte @Nullable [] find(Path path, String name, String sha256) throws IOException {
        byte[] content = Files.isDirectory(path) ? inDirectory(path, name) : inBundle(path, name);
        return content != null && isThatOne(content, sha256) ? content : null;
    }

    /**
     * Whether a file is the one that is asked for.
     *
     * @param content its bytes
     * @param sha256 64 hexadecimal digits; empty: any is
     */
    public static boolean isThatOne(byte[] content, String sha256) {
        return sha256.isEmpty() || BundleWriter.sha256(content).equals(sha256);
    }

    private static byte @Nullable [] inDirectory(Path journal, String name) throws IOException {
        Path file = journal.resolve(NAME).resolve(BundleWriter.safePath(name));
        // A link could lead to any file of the user's, who then mails it with the bundle.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || !file.toRealPath().startsWith(journal.toRealPath())) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(FILE_BYTES_MAX + 1);
            return content.length > FILE_BYTES_MAX ? null : content;
        }
    }

    private static byte @Nullable [] inBundle(Path path, String name) throws IOException {
        try (ZipArchive zip = ZipArchive.openDamaged(path)) {
            return zip.read(NAME + "/" + BundleWriter.safePath(name), FILE_BYTES_MAX);
        } catch (JournalException e) {
            return null; // damaged: what there is of the bundle is of use without it
        }
    }

    /**
     * Takes along the objects of a journal or bundle, as far as it has them and they are the right ones, with their
     * sources.
     *
     * @param from a journal or bundle
     * @param images SHA-256 by name, as in its header
     * @param journal directory of the copy
     * @throws IOException if one cannot be read or written
     */
    public static void copy(Path from, Map<String, String> images, Path journal) throws IOException {
        for (Map.Entry<String, String> image : images.entrySet()) {
            byte[] object = find(from, image.getKey(), image.getValue());
            byte[] source = find(from, source(image.getKey()), "");
            if (object != null) {
                write(journal, image.getKey(), object);
            }
            if (object != null && source != null) {
                write(journal, source(image.getKey()), source);
            }
        }
    }

    /** Name of the C source of an object. */
    public static String source(String object) {
        return object.replaceFirst("\\.o$", "") + ".c";
    }
}
