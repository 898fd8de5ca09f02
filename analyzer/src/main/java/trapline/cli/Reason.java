package trapline.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in one line. */
public final class Reason {

    private Reason() {}

    /** The message of an exception, completed: Java's file exceptions often carry nothing but the path. */
    public static String of(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof NoSuchFileException) {
            return message + ": no such file or directory";
        } else if (e instanceof AccessDeniedException) {
            return message + ": permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return message + ": exists already";
        } else if (e instanceof NotDirectoryException) {
            return message + ": not a directory";
        } else if (e instanceof FileNotFoundException || e.getMessage() != null) {
            return message;
        }
        return e.toString();
    }
}
