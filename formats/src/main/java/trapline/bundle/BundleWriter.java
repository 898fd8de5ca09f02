package trapline.bundle;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import trapline.block.JournalException;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.exchange.RecipeText;
import trapline.journal.Journal;
import trapline.journal.JournalSlice;

/** Packs a bundle. */
public final class BundleWriter {

    /** The earliest date that a zip file can hold. */
    private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Journal journal;
    private final Map<String, byte[]> texts = new LinkedHashMap<>();
    private final Map<String, byte[]> guest = new TreeMap<>();
    private final Map<String, byte[]> attachments = new TreeMap<>();
    private JournalSlice slice;

    /**
     * Begins a bundle of a whole journal.
     *
     * @param journal stays open until the bundle is written
     */
    public BundleWriter(Journal journal) {
        this.journal = journal;
        this.slice = JournalSlice.whole(journal);
        JournalHeader header = journal.header();
        String digest = journal.footer().map(JournalFooter::digest).orElse("");
        text("recipe.txt", RecipeText.withDigest(header.recipe(), digest));
        text("scenario.yaml", header.scenario());
    }

    /**
     * Takes only the events of some steps.
     *
     * @param fromStep first step
     * @param toStep last step
     * @throws JournalException if there is none that can be read
     */
    public BundleWriter slice(long fromStep, long toStep) throws IOException {
        slice = JournalSlice.of(journal, fromStep, toStep);
        return this;
    }

    /**
     * Adds a text; an empty one is left out.
     *
     * @param name one of those on the package page
     * @param content text
     */
    public BundleWriter text(String name, String content) {
        texts.remove(name);
        if (!content.isEmpty()) {
            texts.put(name, content.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /**
     * Adds an object or source of the guest.
     *
     * @param name with the folder that it stands in, if any, such as {@code flows/linux-2.6.24.c}
     */
    public BundleWriter guest(String name, byte[] content) {
        guest.put(safePath(name), content);
        return this;
    }

    /** Adds a file of the reporter. */
    public BundleWriter attach(String name, byte[] content) {
        attachments.put(safe(name), content);
        return this;
    }

    /** The last part of a path and the folder that it stands in, if any. */
    static String safePath(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? safe(name) : safe(name.substring(0, slash)) + "/" + safe(name);
    }

    /** The last part of a path, of characters that every system can store. */
    private static String safe(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String plain = last.replaceAll("[^A-Za-z0-9._+-]", "_").replaceFirst("^[.-]+", "_");
        return plain.isEmpty() ? "_" : plain.substring(0, Math.min(plain.length(), 120));
    }

    /**
     * Writes the bundle.
     *
     * @param file to be created; must not exist
     * @param tool name and version of the program
     * @return what it says of itself
     * @throws IOException if it cannot be written; nothing is left behind then
     */
    public Manifest write(Path file, String tool) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>(texts);
        guest.forEach((name, content) -> files.put("guest/" + name, content));
        attachments.forEach((name, content) -> files.put("attachments/" + name, content));
        Manifest manifest = manifest(tool, files);
        OutputStream out;
        try {
            out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new JournalException(file + ": exists already; remove it or name another place", e);
        }
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16))) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            put(zip, "manifest.json", json(manifest));
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                if (!entry.getKey().contains("/")) {
                    put(zip, entry.getKey(), entry.getValue());
                }
            }
            slice.copyTo((name, block) -> put(zip, name, block));
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                if (entry.getKey().contains("/")) {
                    put(zip, entry.getKey(), entry.getValue());
                }
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return manifest;
    }

    private Manifest manifest(String tool, Map<String, byte[]> files) {
        JournalHeader header = journal.header();
        Optional<JournalFooter> footer = journal.footer();
        List<Manifest.FileEntry> entries = new ArrayList<>();
        files.forEach((name, content) -> entries.add(new Manifest.FileEntry(name, content.length, sha256(content))));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("java", Integer.toString(Runtime.version().feature()));
        environment.put("os", System.getProperty("os.name", ""));
        environment.put("arch", System.getProperty("os.arch", ""));
        return new Manifest(
                Manifest.SCHEMA_VERSION,
                tool,
                header.tool(),
                header.semantics(),
                environment,
                header.name(),
                header.flow(),
                header.workload(),
                journal.closed(),
                journal.events(),
                footer.map(JournalFooter::steps).orElse(0L),
                footer.map(JournalFooter::digest).orElse(""),
                new Manifest.Slice(
                        slice.isWhole(), slice.firstOrdinal(), slice.endOrdinal(), slice.firstStep(), slice.lastStep()),
                header.images(),
                entries);
    }

    private static byte[] json(Manifest manifest) throws IOException {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        return (MAPPER.writer(printer).writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(DATE);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
