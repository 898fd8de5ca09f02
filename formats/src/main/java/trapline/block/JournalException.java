package trapline.block;

import java.io.IOException;
import java.io.Serial;

/** A journal cannot be opened, read or written: the message says what, where, and what to do, in one line. */
public final class JournalException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param message one line
     */
    public JournalException(String message) {
        super(message);
    }

    /**
     * @param message one line
     * @param cause what the system said
     */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
