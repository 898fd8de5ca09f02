package trapline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a user names to be read. */
public final class Inputs {

    private Inputs() {}

    /** The file; a directory is refused by name, which reading it would not do. */
    public static Path file(Path path) {
        if (Files.isDirectory(path)) {
            throw new UserError(ExitCode.UNREADABLE, path + ": is a directory, not a file");
        }
        return path;
    }

    /** Whether a word that names no file is meant as a name of the catalogue: it has no folder and no ending. */
    public static boolean isName(String word) {
        return !word.contains("/") && !word.contains(".");
    }

    /** Opens a file. */
    public static InputStream open(Path path) throws IOException {
        return Files.newInputStream(file(path));
    }
}
