package trapline.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import trapline.guest.ElfFile;
import trapline.guest.GuestException;
import trapline.scenario.Catalogue;
import trapline.scenario.GuestPart;

/**
 * The runtime under a flow: the catalogue's object, or the user's own.
 *
 * <ul>
 *   <li>A function that the flow defines, or a file of the user's ({@code runtime: FILE.c}), replaces the runtime's of the
 *       same name. The runtime is then compiled again with that function weak: otherwise calls in the same file might
 *       have been inlined and would still be the old one's.
 *   <li>A folder ({@code runtime: FOLDER}) is the whole runtime: its {@code .c} and {@code .S} files, and its headers also
 *       for flow and workload.
 * </ul>
 */
final class GuestRuntime {

    private static final String FOLDER = "runtime/";

    private final @Nullable Path own;

    /** Whether one object of the catalogue is all of it, so far. */
    private boolean isWhole = true;

    private final Map<String, byte[]> sources = new TreeMap<>();
    private final Map<String, byte[]> headers = new TreeMap<>();

    /** The parts, by name, and of those that are the user's the sources. */
    record Parts(Map<String, ElfFile> objects, Map<String, byte[]> sources) {}

    private GuestRuntime(@Nullable Path own) {
        this.own = own;
    }

    /**
     * Looks what there is.
     *
     * @param part that a scenario names; null: the catalogue's runtime as it is
     */
    static GuestRuntime of(@Nullable GuestPart part) throws GuestException {
        Path path = part == null ? null : part.file();
        GuestRuntime runtime = new GuestRuntime(path == null || Files.isDirectory(path) ? null : path);
        try {
            if (path != null && Files.isDirectory(path)) {
                runtime.addFolder(path);
            } else {
                runtime.addCatalogue();
            }
        } catch (IOException e) {
            throw new GuestException(path + ": cannot be read: " + e.getMessage());
        }
        return runtime;
    }

    private void addFolder(Path folder) throws IOException, GuestException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                add(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        if (sources.isEmpty()) {
            throw new GuestException(folder + ": no runtime: no .c and no .S file in it");
        }
        isWhole = false;
    }

    private void addCatalogue() {
        for (String suffix : List.of(".c", ".S", ".h")) {
            for (String name : Catalogue.names("guest/runtime", suffix)) {
                add(name + suffix, Objects.requireNonNull(Catalogue.find("guest/runtime/" + name + suffix)));
            }
        }
    }

    private void add(String name, byte[] content) {
        if (name.endsWith(".h")) {
            headers.put(name, content);
        } else if (name.endsWith(".c") || name.endsWith(".S")) {
            sources.put(name, content);
        }
    }

    /** The headers that flow and workload include. */
    Map<String, byte[]> headers() {
        return headers;
    }

    /**
     * Makes it.
     *
     * @param flow that it is to be linked with, and whose functions come first
     */
    Parts parts(ElfFile flow) throws GuestException, GuestCompiler.Refused {
        Map<String, ElfFile> objects = new LinkedHashMap<>();
        Map<String, byte[]> own = new LinkedHashMap<>();
        Set<String> replaced = new TreeSet<>(flow.definitions());
        ElfFile file = ownObject();
        if (file != null) {
            replaced.addAll(file.definitions());
        }
        if (isWhole) {
            ElfFile whole = GuestBuild.catalogue(FOLDER + "runtime");
            isWhole = replaced.stream().noneMatch(whole.definitions()::contains);
            if (isWhole) {
                objects.put(FOLDER + "runtime.o", whole);
            }
        }
        if (!isWhole) {
            compile(replaced, objects, own);
        }
        if (file != null) {
            addOwn(file, objects, own);
        }
        return new Parts(objects, own);
    }

    private @Nullable ElfFile ownObject() throws GuestException, GuestCompiler.Refused {
        return own == null ? null : GuestBuild.read(own, headers);
    }

    private void addOwn(ElfFile file, Map<String, ElfFile> objects, Map<String, byte[]> texts) throws GuestException {
        Path path = Objects.requireNonNull(own);
        String name = String.valueOf(path.getFileName());
        String stem = FOLDER + "own-" + name.substring(0, name.lastIndexOf('.'));
        objects.put(stem + ".o", file);
        if (name.endsWith(".c")) {
            texts.put(stem + ".c", GuestBuild.content(path));
        }
    }

    private void compile(Set<String> weak, Map<String, ElfFile> objects, Map<String, byte[]> texts)
            throws GuestException, GuestCompiler.Refused {
        Map<String, ElfFile> parts = GuestCompiler.compile(sources, headers, new ArrayList<>(weak));
        parts.forEach((name, object) -> {
            String stem = FOLDER + name.replaceFirst("\\.[cS]$", "");
            objects.put(stem + ".o", object);
            if (name.endsWith(".c")) {
                texts.put(stem + ".c", Objects.requireNonNull(sources.get(name)));
            }
        });
    }
}
