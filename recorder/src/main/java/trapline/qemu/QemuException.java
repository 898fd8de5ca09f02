package trapline.qemu;

import java.io.IOException;

/** A run of QEMU that cannot begin or go on; the message is one line for the user. */
public final class QemuException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what, and what to do
     */
    public QemuException(String message) {
        super(message);
    }
}
