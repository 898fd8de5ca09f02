package trapline.block;

import java.io.IOException;
import java.io.Serial;

/**
 * A journal cannot be stored: the disk is full, a limit is reached, the place cannot be written. The message says so in one
 * line. What was stored before is kept.
 */
public final class StorageException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Made where storing fails.
     *
     * @param message one line
     */
    public StorageException(String message) {
        super(message);
    }

    /**
     * Made where the system says that storing fails.
     *
     * @param message one line
     * @param cause what the system said
     */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
