package trapline.batch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds journals in directory trees. A journal is a directory with a {@code .cq4} file in it; a
 * bundle is a file named {@code .trap}. */
public final class JournalFinder {

    private static final int DEPTH_MAX = 64;

    private JournalFinder() {}

    /**
     * The journals of some paths, each tree in the order of its names. A path that is no directory, or a directory
     * without any journal in it, stands for itself: reading it says what is wrong with it.
     *
     * @param paths journals or directory trees
     * @throws IOException if a directory cannot be listed
     */
    public static List<Path> find(List<Path> paths) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path path : paths) {
            int before = found.size();
            walk(path, found, 0);
            if (found.size() == before) {
                found.add(path);
            }
        }
        return found;
    }

    private static void walk(Path path, List<Path> found, int depth) throws IOException {
        if (depth > DEPTH_MAX || !Files.isDirectory(path)) {
            return;
        }
        List<Path> below = new ArrayList<>();
        boolean journal = String.valueOf(path.getFileName()).endsWith(".journal");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                journal |= entry.toString().endsWith(".cq4");
                boolean bundle = entry.toString().endsWith(".trap");
                if (bundle || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    below.add(entry);
                }
            }
        } catch (AccessDeniedException e) {
            found.add(path);
            return;
        }
        if (journal) {
            found.add(path);
            return;
        }
        below.sort(null);
        for (Path entry : below) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(entry, found, depth + 1);
            } else {
                found.add(entry);
            }
        }
    }
}
