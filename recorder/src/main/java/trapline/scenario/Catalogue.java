package trapline.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The files that travel inside the executable.
 *
 * <pre>
 *   scenarios/NAME.yaml
 *   guest/runtime/  runtime.o and its sources
 *   guest/flows/    NAME.o, NAME.c or bugs/NAME.patch
 *   guest/workloads/NAME.o, NAME.c
 * </pre>
 *
 * <p>A flow is also found under its {@linkplain Codes code}, and the C of one that is a patch as if it were a file.
 *
 * <p>The monitors beside them come with the analyzer, which needs no other file of the catalogue.
 */
public final class Catalogue {

    private static final String ROOT = "catalogue/";
    private static final Pattern FLOW = Pattern.compile("guest/flows/([^/]+)\\.([oc])");

    private Catalogue() {}

    /**
     * Reads a file.
     *
     * @param path such as {@code scenarios/plain-probe.yaml}
     * @return its bytes, or null if there is none
     */
    public static byte @Nullable [] find(String path) {
        byte[] file = file(path);
        Matcher flow = FLOW.matcher(path);
        if (file != null || !flow.matches()) {
            return file;
        }
        String name = known(flow.group(1));
        FlowPatch patch = flow.group(2).equals("c") ? Codes.patch(name) : null;
        if (patch == null) {
            return name.equals(flow.group(1)) ? null : file("guest/flows/" + name + "." + flow.group(2));
        }
        byte[] parent = file("guest/flows/" + patch.parent() + ".c");
        return parent == null
                ? null
                : patch.apply(new String(parent, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    /** The name of a flow that may be asked for by its code. */
    private static String known(String name) {
        String flow = Codes.flow(name);
        return flow == null ? name : flow;
    }

    private static byte @Nullable [] file(String path) {
        if (path.contains("..")) {
            return null;
        }
        try (InputStream in = Catalogue.class.getClassLoader().getResourceAsStream(ROOT + path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the executable is damaged: " + ROOT + path + " cannot be read", e);
        }
    }

    /**
     * Whether there is such a file.
     *
     * @param path such as {@code guest/flows/linux-2.6.24.o}
     */
    public static boolean has(String path) {
        return !path.contains("..")
                && (Catalogue.class.getClassLoader().getResource(ROOT + path) != null || find(path) != null);
    }

    /**
     * The names in a folder.
     *
     * @param folder such as {@code scenarios}
     * @param suffix such as {@code .yaml}; not part of the names
     * @return sorted
     */
    public static List<String> names(String folder, String suffix) {
        String prefix = ROOT + folder + "/";
        return entries()
                .filter(e -> e.startsWith(prefix) && e.endsWith(suffix))
                .map(e -> e.substring(prefix.length(), e.length() - suffix.length()))
                .filter(name -> !name.contains("/"))
                .sorted()
                .toList();
    }

    private static Stream<String> entries() {
        try {
            Path home = Path.of(Catalogue.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(home)) {
                return inDirectory(home);
            }
            try (ZipFile jar = new ZipFile(home.toFile())) {
                return jar.stream().map(e -> e.getName()).toList().stream();
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the executable is damaged: its catalogue cannot be listed", e);
        }
    }

    private static Stream<String> inDirectory(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve(ROOT))) {
            return files
                    .filter(Files::isRegularFile)
                    .map(f -> home.relativize(f).toString().replace('\\', '/'))
                    .toList()
                    .stream();
        }
    }
}
