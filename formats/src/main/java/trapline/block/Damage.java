package trapline.block;

import java.nio.file.Path;

/**
 * A place where a journal is not what its writer wrote.
 *
 * @param file data file
 * @param offset place in the file in bytes
 * @param length bytes concerned; 0 where it is not known
 * @param what one line: what is wrong
 */
public record Damage(Path file, long offset, long length, String what) {

    /** File, offset and what is wrong in one line. */
    public String line() {
        return file.getFileName() + ": offset " + offset + ": " + what;
    }
}
