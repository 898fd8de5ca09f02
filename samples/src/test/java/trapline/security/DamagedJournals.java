package trapline.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import trapline.cli.ExitCode;

/** One journal and its bundle, damaged in every way that has a consequence of its own. */
final class DamagedJournals {

    /** What damage amounts to; the exit code of a command that only reads, and has nothing else to complain about. */
    enum Damage {
        NONE(ExitCode.CLEAN),
        /** No event is missing: said, and of consequence only where all of it is asked for. */
        HARMLESS(ExitCode.CLEAN),
        /** As above, in a part of a bundle that is no part of its journal. */
        PARTS(ExitCode.CLEAN),
        /** As above, in the directory of a bundle, without which it cannot be unpacked. */
        DIRECTORY(ExitCode.CLEAN),
        EVENTS(ExitCode.LOSSY),
        ALL(ExitCode.UNREADABLE);

        private final ExitCode code;

        Damage(ExitCode code) {
            this.code = code;
        }

        ExitCode code() {
            return code;
        }
    }

    private static final int IN_PAYLOAD = 150;
    private static final int TYPE_OFFSET = 6;
    private static final String DATA = "19700101F.cq4";
    private static final byte[] MAGIC = {'T', 'P', 'L', 'B', 1, 0};

    private final Path folder;
    private final byte[] good;
    private final byte[] other;
    private final Path bundle;
    private final Map<Path, Damage> made = new LinkedHashMap<>();

    /** Takes two journals of one data file each, and a bundle of the first. */
    DamagedJournals(Path folder, Path journal, Path second, Path bundle) throws IOException {
        this.folder = folder;
        this.good = Files.readAllBytes(journal.resolve(DATA));
        this.other = Files.readAllBytes(second.resolve(DATA));
        this.bundle = bundle;
        made.put(journal, Damage.NONE);
        made.put(bundle, Damage.NONE);
    }

    /** Makes them all: where each is, with what it amounts to. */
    Map<Path, Damage> make() throws IOException {
        journals();
        bundles();
        neither();
        return made;
    }

    private void journals() throws IOException {
        List<Integer> blocks = blocks(good);
        int last = blocks.size() - 1;
        int header = good[blocks.get(last - 1) + TYPE_OFFSET];
        journal("first-header", Damage.HARMLESS, flipped(good, blocks.get(0) + IN_PAYLOAD));
        if (header == good[blocks.get(0) + TYPE_OFFSET]) {
            journal("second-header", Damage.HARMLESS, flipped(good, blocks.get(last - 1) + IN_PAYLOAD));
        }
        journal("one-block", Damage.EVENTS, flipped(good, blocks.get(1) + IN_PAYLOAD));
        journal("cut-behind-events", Damage.EVENTS, Arrays.copyOf(good, blocks.get(2) - 4));
        journal("cut-in-events", Damage.EVENTS, Arrays.copyOf(good, blocks.get(1) + IN_PAYLOAD));
        journal("no-events", Damage.EVENTS, Arrays.copyOf(good, blocks.get(1) - 4));
        journal("footer", Damage.EVENTS, flipped(good, blocks.get(last) + IN_PAYLOAD));
        Path spliced = journal("spliced", Damage.EVENTS, good);
        Files.write(spliced.resolve("19700102F.cq4"), other);
        journal("no-header", Damage.ALL, Arrays.copyOf(good, blocks.get(0)));
    }

    private Path journal(String name, Damage damage, byte[] data) throws IOException {
        Path journal = Files.createDirectory(folder.resolve(name + ".journal"));
        Files.write(journal.resolve(DATA), data);
        made.put(journal, damage);
        return journal;
    }

    private void bundles() throws IOException {
        byte[] zip = Files.readAllBytes(bundle);
        int directory = new String(zip, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        bundle(
                "null-file",
                Damage.ALL,
                entry("manifest.json", text -> text.replaceFirst("(?s)\"files\" : \\[.*\\]", "\"files\" : [ null ]")));
        bundle("no-manifest", Damage.ALL, entry("manifest.json", text -> null));
        bundle(
                "later-schema",
                Damage.ALL,
                entry("manifest.json", text -> text.replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 99")));
        bundle("cut-directory", Damage.DIRECTORY, Arrays.copyOf(zip, directory + 60));
        bundle("in-front", Damage.DIRECTORY, joined("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), zip));
        bundle("block-not-there", Damage.EVENTS, entry("blocks/00000001", text -> null));
        bundle("block-of-others", Damage.EVENTS, entry("blocks/00000001", text -> "no block at all".repeat(20)));
        bundle("summary", Damage.PARTS, entry("summary.txt", text -> "all passed\n"));
    }

    private void bundle(String name, Damage damage, byte[] bytes) throws IOException {
        made.put(Files.write(folder.resolve(name + ".trap"), bytes), damage);
    }

    private void neither() throws IOException {
        made.put(Files.createDirectory(folder.resolve("empty.journal")), Damage.ALL);
        bundle("empty", Damage.ALL, new byte[0]);
        bundle("text", Damage.ALL, "just a text\n".getBytes(StandardCharsets.UTF_8));
        bundle("zeros", Damage.ALL, new byte[5000]);
        bundle("zip", Damage.ALL, emptyZip());
        made.put(folder.resolve("nowhere.journal"), Damage.ALL);
    }

    private static byte[] emptyZip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ZipOutputStream(bytes).close();
        return bytes.toByteArray();
    }

    /** The bundle with one entry changed, or left out where the change gives null. */
    private byte[] entry(String name, UnaryOperator<String> change) throws IOException {
        return entry(bundle, name, change);
    }

    /** The text of an entry of a bundle. */
    static String entry(Path bundle, String name) throws IOException {
        String[] text = {""};
        entry(bundle, name, was -> text[0] = was);
        return text[0];
    }

    /** A bundle with one entry changed, or left out where the change gives null. */
    static byte[] entry(Path bundle, String name, UnaryOperator<String> change) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(bundle.toFile());
                ZipOutputStream to = new ZipOutputStream(bytes);
                Stream<? extends ZipEntry> entries = from.stream()) {
            for (ZipEntry entry : (Iterable<ZipEntry>) entries.map(e -> (ZipEntry) e)::iterator) {
                byte[] content = from.getInputStream(entry).readAllBytes();
                if (entry.getName().equals(name)) {
                    String changed = change.apply(new String(content, StandardCharsets.ISO_8859_1));
                    if (changed == null) {
                        continue;
                    }
                    content = changed.getBytes(StandardCharsets.ISO_8859_1);
                }
                put(to, entry.getName(), content);
            }
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        ((OutputStream) zip).write(content);
        zip.closeEntry();
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[at] ^= 0x55;
        return copy;
    }

    private static List<Integer> blocks(byte[] bytes) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at + MAGIC.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                found.add(at);
            }
        }
        return found;
    }
}
