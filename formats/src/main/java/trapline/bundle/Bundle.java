package trapline.bundle;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalException;
import trapline.block.StrictJson;
import trapline.journal.Journal;
import trapline.zip.ZipArchive;

/** A bundle being read, apart from its blocks, which {@link trapline.journal.Journal} reads. */
public final class Bundle implements Closeable {

    private static final String MANIFEST = "manifest.json";
    private static final int TEXT_BYTES_MAX = 1 << 24;
    private static final int TOKENS_MAX = 1_000_000;
    private static final int FILE_BYTES_MAX = GuestFolder.FILE_BYTES_MAX;
    private static final Set<String> TEXTS =
            Set.of(MANIFEST, "summary.txt", "recipe.txt", "scenario.yaml", "verdicts.json");
    private static final Pattern FILES = Pattern.compile("guest/(?:[^/]+/)?[^/]+|attachments/[^/]+");

    private static final JsonMapper MAPPER = StrictJson.mapper(TOKENS_MAX);

    private final Path path;
    private final ZipArchive zip;
    private final Manifest manifest;

    private Bundle(Path path, ZipArchive zip) throws IOException {
        this.path = path;
        this.zip = zip;
        this.manifest = manifest(path, zip.read(MANIFEST, TEXT_BYTES_MAX));
    }

    private static Manifest manifest(Path path, byte @Nullable [] json) throws IOException {
        if (json == null) {
            throw new JournalException(path + ": is not a bundle (no manifest.json in it)");
        }
        Manifest manifest;
        try {
            manifest = MAPPER.readValue(json, Manifest.class);
        } catch (IOException | RuntimeException e) {
            String place = e instanceof JsonMappingException mapping ? mapping.getPathReference() : "";
            String field = place.replaceFirst("^[^\\[]*", "").replaceAll("[\\w.$]+(?=\\[)|->", "");
            throw new JournalException(
                    path + ": manifest.json is not that of a bundle" + (field.isEmpty() ? "" : ", see " + field), e);
        }
        if (manifest.schemaVersion() > Manifest.SCHEMA_VERSION) {
            throw new JournalException(path + ": has schema " + manifest.schemaVersion() + ", newer than the "
                    + Manifest.SCHEMA_VERSION + " that this version reads; use a newer Trapline");
        }
        return manifest;
    }

    /**
     * Opens a journal, or that of a bundle. A bundle that is damaged is read as far as it can be; one that is whole and whose
     * manifest is not one of ours is nobody's accident, and refused.
     *
     * @param path the journal's directory, or the bundle's file
     * @throws JournalException if there is none
     */
    public static Journal journal(Path path) throws IOException {
        byte[] json = Files.isRegularFile(path) ? wholeManifest(path) : null;
        if (json != null) {
            manifest(path, json.length == 0 ? null : json);
        }
        return Journal.open(path);
    }

    /** Empty if the bundle has none, null if it is damaged. */
    private static byte @Nullable [] wholeManifest(Path path) throws IOException {
        try (ZipArchive zip = ZipArchive.open(path)) {
            return Objects.requireNonNullElse(zip.read(MANIFEST, TEXT_BYTES_MAX), new byte[0]);
        } catch (JournalException e) {
            return null;
        }
    }

    /**
     * Opens a bundle.
     *
     * @param path its file
     * @throws JournalException if it is none
     */
    public static Bundle open(Path path) throws IOException {
        ZipArchive zip = ZipArchive.open(path);
        try {
            return new Bundle(path, zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** What it says of itself; nobody has proved it. */
    public Manifest manifest() {
        return manifest;
    }

    /**
     * A text.
     *
     * @param name one of those on the package page
     * @return null if the bundle does not have it
     */
    public @Nullable String text(String name) throws IOException {
        byte[] content = zip.read(name, TEXT_BYTES_MAX);
        return content == null ? null : new String(content, StandardCharsets.UTF_8);
    }

    /** Entries that are files: texts, parts of the guest, attachments. */
    public List<String> files() {
        return zip.names().stream()
                .filter(name -> TEXTS.contains(name) || FILES.matcher(name).matches())
                .toList();
    }

    /** Entries whose content is not what the manifest says, or that it does not know. */
    public List<String> altered() throws IOException {
        List<String> altered = new ArrayList<>();
        Map<String, Manifest.FileEntry> said = new HashMap<>();
        manifest.files().forEach(file -> said.put(file.name(), file));
        for (String name : files()) {
            if (!name.equals(MANIFEST) && !isAsSaid(name, said.get(name))) {
                altered.add(name);
            }
        }
        return altered;
    }

    /** The sum of many megabytes takes seconds, so it is the last thing that is looked at. */
    private boolean isAsSaid(String name, Manifest.@Nullable FileEntry said) throws IOException {
        if (said == null) {
            return false;
        }
        byte[] content = zip.read(name, FILE_BYTES_MAX);
        return content != null
                && content.length == said.bytes()
                && BundleWriter.sha256(content).equals(said.sha256());
    }

    /**
     * Writes its files below a folder.
     *
     * @param folder exists and is empty
     * @throws IOException if one cannot be written, or exists already
     */
    public void unpack(Path folder) throws IOException {
        for (String name : files()) {
            byte[] content = zip.read(name, FILE_BYTES_MAX);
            Path target = folder.resolve(name).normalize();
            if (content == null || !target.startsWith(folder)) {
                throw new JournalException(path + ": " + name + " cannot be unpacked");
            }
            Files.createDirectories(target.getParent() == null ? folder : target.getParent());
            Files.write(target, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
