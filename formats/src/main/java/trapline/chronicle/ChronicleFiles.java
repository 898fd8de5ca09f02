package trapline.chronicle;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files of a Chronicle Queue, by name alone. */
public final class ChronicleFiles {

    /** Data files of a journal at the most: each is held open while the journal is read. */
    static final int FILES_MAX = 1000;

    private ChronicleFiles() {}

    /** The data files of a queue in the order of their cycles; of very many a part, but more than {@link #FILES_MAX}. */
    public static List<Path> dataFiles(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.cq4")) {
            for (Path file : files) {
                found.add(file);
                if (found.size() > 2 * FILES_MAX) {
                    break;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause(); // a listing that fails midway fails as one that cannot begin
        }
        Collections.sort(found);
        return found;
    }
}
