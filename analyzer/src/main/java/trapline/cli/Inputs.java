package trapline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

    /**
     * The text of a file that people write, such as an automaton.
     *
     * @param bytesMax what is longer is something else
     */
    public static String text(Path path, int bytesMax) throws IOException {
        try (InputStream in = open(path)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new UserError(
                        ExitCode.UNREADABLE,
                        path + ": is longer than " + (bytesMax >> 10) + " KiB, so not what is meant");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserError(ExitCode.UNREADABLE, path + ": is not text", e);
        }
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
