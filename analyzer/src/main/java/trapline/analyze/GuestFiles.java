package trapline.analyze;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.bundle.BundleWriter;

/**
 * Objects and sources of a guest: from folders that the user names, or from the catalogue that an executable may carry as
 * resources. An object is taken only if it is the one that the journal was recorded with.
 */
final class GuestFiles {

    private static final String CATALOGUE = "catalogue/guest/";
    private static final int BYTES_MAX = 1 << 24;

    private final List<Path> folders;

    GuestFiles(List<Path> folders) {
        this.folders = folders;
    }

    /** Adds what can be found of the images, by name. */
    void addTo(BundleWriter writer, Map<String, String> images) throws IOException {
        for (Map.Entry<String, String> image : images.entrySet()) {
            String name = image.getKey();
            byte[] object = find(name, image.getValue());
            if (object != null) {
                writer.guest(name, object);
                String source = name.replaceFirst("\\.o$", "") + ".c";
                byte[] text = find(source, "");
                if (text != null) {
                    writer.guest(source, text);
                }
            }
        }
    }

    /** The file of this name whose SHA-256 is this one, or any if none is asked for. */
    private byte @Nullable [] find(String name, String sha256) throws IOException {
        if (!name.matches("(?:[A-Za-z0-9_+][A-Za-z0-9._+-]*/)?[A-Za-z0-9_+][A-Za-z0-9._+-]*")) {
            return null;
        }
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] content = in.readNBytes(BYTES_MAX);
                    if (isThatOne(content, sha256)) {
                        return content;
                    }
                }
            }
        }
        try (InputStream in = GuestFiles.class.getClassLoader().getResourceAsStream(CATALOGUE + name)) {
            byte[] content = in == null ? null : in.readNBytes(BYTES_MAX);
            return content != null && isThatOne(content, sha256) ? content : null;
        }
    }

    private static boolean isThatOne(byte[] content, String sha256) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return sha256.isEmpty() || HexFormat.of().formatHex(digest).equals(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
