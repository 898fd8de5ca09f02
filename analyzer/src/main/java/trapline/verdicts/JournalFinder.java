package trapline.verdicts;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds journals in directory trees. A journal is a directory with a {@code .cq4} file in it; a bundle is a file named
 * {@code .trap}. Symbolic links are treated as {@code grep -r} does: one that is named is followed, one that is met inside
 * a tree is not, so that nothing is judged twice and no walk goes round in circles. Those that lead out of what is walked
 * are counted. What lies below a journal is looked at too: a stray file makes any folder look like one.
 */
public final class JournalFinder {

    private static final int DEPTH_MAX = 64;

    private final List<Path> found = new ArrayList<>();
    private final List<Path> links = new ArrayList<>();

    private JournalFinder() {}

    /**
     * What there is in some paths.
     *
     * @param journals journals and bundles, each tree in the order of its names
     * @param linksSkipped symbolic links inside trees behind which a journal may be; one to a file that is no bundle does
     *     not count
     * @param linksOut those of them that lead to something outside of the trees, which is not judged
     */
    public record Found(List<Path> journals, int linksSkipped, int linksOut) {}

    /**
     * The journals of some paths. A path that is no directory, or a directory without any journal in it, stands for
     * itself: reading it says what is wrong with it.
     *
     * @param paths journals or directory trees
     * @throws IOException if a directory cannot be listed
     */
    public static Found find(List<Path> paths) throws IOException {
        JournalFinder finder = new JournalFinder();
        for (Path path : paths) {
            int before = finder.found.size();
            finder.walk(path, 0);
            if (finder.found.size() == before) {
                finder.found.add(path);
            }
        }
        List<Path> roots = new ArrayList<>();
        for (Path path : paths) {
            if (Files.exists(path)) {
                roots.add(path.toRealPath());
            }
        }
        int out = (int)
                finder.links.stream().filter(link -> leadsOut(link, roots)).count();
        return new Found(finder.found, finder.links.size(), out);
    }

    private static boolean leadsOut(Path link, List<Path> roots) {
        try {
            Path real = link.toRealPath();
            return roots.stream().noneMatch(real::startsWith);
        } catch (IOException e) {
            return false;
        }
    }

    private void walk(Path path, int depth) throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        if (depth > DEPTH_MAX) {
            found.add(path); // reading it fails, which is better than to pass over what is in it
            return;
        }
        List<Path> below = new ArrayList<>();
        boolean journal = String.valueOf(path.getFileName()).endsWith(".journal");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                journal |= entry.toString().endsWith(".cq4");
                boolean bundle = entry.toString().endsWith(".trap");
                if (Files.isSymbolicLink(entry)) {
                    if (bundle || !Files.isRegularFile(entry)) {
                        links.add(entry);
                    }
                } else if (bundle || Files.isDirectory(entry)) {
                    below.add(entry);
                }
            }
        } catch (AccessDeniedException | DirectoryIteratorException e) {
            found.add(path);
            return;
        }
        if (journal) {
            found.add(path);
        }
        below.sort(null);
        for (Path entry : below) {
            if (Files.isDirectory(entry)) {
                walk(entry, depth + 1);
            } else {
                found.add(entry);
            }
        }
    }
}
