package trapline.quality;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a test may leave behind, as lines of text that two looks can be compared by. */
final class Belongings {
    /** Threads that the JVM, JUnit, Surefire and Chronicle start once and keep. */
    private static final Pattern HOUSE_THREADS = Pattern.compile(
            "main|surefire-.*|junit-.*|Common-Cleaner|Cleaner-\\d+|process reaper.*|ForkJoinPool\\.common.*"
                    + "|.*~resource~releaser|.*disk~space~checker|Attach Listener|JFR .*|ping-.*|last-ditch-.*");

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private Belongings() {}

    /** Threads and open files. */
    static Set<String> ofProcess() throws IOException {
        Set<String> belongings = threads();
        belongings.addAll(openFiles());
        return belongings;
    }

    /** What is in {@code now} and was not in {@code before}, sorted. */
    static Set<String> newIn(Set<String> now, Set<String> before) {
        Set<String> added = new TreeSet<>(now);
        added.removeAll(before);
        return added;
    }

    private static Set<String> threads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads, true);
        Set<String> names = new HashSet<>();
        for (Thread thread : Arrays.copyOf(threads, count)) {
            if (!HOUSE_THREADS.matcher(thread.getName()).matches()) {
                names.add("thread " + thread.getName() + " #" + thread.getId());
            }
        }
        return names;
    }

    /** Empty where there is no {@code /proc}. */
    private static Set<String> openFiles() throws IOException {
        Set<String> open = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return open;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                String target = target(descriptor);
                if (target.startsWith("/") && !isHouseFile(target)) {
                    open.add("open file " + target + " as " + descriptor.getFileName());
                }
            }
        }
        return open;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // the descriptor of this very listing, closed by now
        }
    }

    /** Class path, Java runtime and devices: opened when first needed, and kept. */
    private static boolean isHouseFile(String path) {
        return path.endsWith(".jar")
                || path.endsWith(".so")
                || path.startsWith("/proc/")
                || path.startsWith("/sys/")
                || path.startsWith("/dev/")
                || path.startsWith("/etc/")
                || path.startsWith("/usr/");
    }

    /**
     * Files of the module, build output apart, with their date, and what stands in the temporary folder, which the
     * build makes the home folder too. JUnit's own folders there go when the class is done.
     */
    static Set<String> files() throws IOException {
        Set<String> files = new HashSet<>();
        Files.walkFileTree(MODULE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.equals(MODULE.resolve("target"))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add("file " + file + " of " + attributes.lastModifiedTime());
                return FileVisitResult.CONTINUE;
            }
        });
        if (TEMPORARY.startsWith(MODULE)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(TEMPORARY)) {
                for (Path entry : entries) {
                    if (!String.valueOf(entry.getFileName()).startsWith("junit-")) {
                        files.add("file " + entry);
                    }
                }
            }
        }
        return files;
    }
}
