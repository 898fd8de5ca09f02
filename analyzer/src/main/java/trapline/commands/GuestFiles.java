package trapline.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import trapline.bundle.BundleWriter;
import trapline.bundle.GuestCatalogue;
import trapline.bundle.GuestFolder;

/**
 * Objects and sources of a guest: from the journal, from folders that the user names, or from the catalogue that an
 * executable may carry as resources. An object is taken only if it is the one that the journal was recorded with.
 */
final class GuestFiles {

    private static final int BYTES_MAX = GuestFolder.FILE_BYTES_MAX;

    private final Path journal;
    private final List<Path> folders;

    GuestFiles(Path journal, List<Path> folders) {
        this.journal = journal;
        this.folders = folders;
    }

    /**
     * Adds what can be found of the images, by name.
     *
     * @return those that cannot be found
     */
    List<String> addTo(BundleWriter writer, Map<String, String> images) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> image : images.entrySet()) {
            String name = image.getKey();
            byte[] object = find(name, image.getValue());
            if (object == null) {
                missing.add(name);
                continue;
            }
            writer.guest(name, object);
            byte[] text = find(GuestFolder.source(name), "");
            if (text != null) {
                writer.guest(GuestFolder.source(name), text);
            }
        }
        return missing;
    }

    /** The file of this name whose SHA-256 is this one, or any if none is asked for. */
    private byte @Nullable [] find(String name, String sha256) throws IOException {
        if (!name.matches("(?:[A-Za-z0-9_+][A-Za-z0-9._+-]*/)?[A-Za-z0-9_+][A-Za-z0-9._+-]*")) {
            return null;
        }
        byte[] own = GuestFolder.find(journal, name, sha256);
        if (own != null) {
            return own;
        }
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] content = in.readNBytes(BYTES_MAX);
                    if (GuestFolder.isThatOne(content, sha256)) {
                        return content;
                    }
                }
            }
        }
        for (GuestCatalogue catalogue : ServiceLoader.load(GuestCatalogue.class)) {
            byte[] content = catalogue.find(name);
            if (content != null && GuestFolder.isThatOne(content, sha256)) {
                return content;
            }
        }
        return null;
    }
}
