package trapline.block;

import java.io.Serial;

/** The content of a block breaks the rules of its format. */
public final class MalformedBlockException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong
     * @param offset place in the block, in bytes
     */
    public MalformedBlockException(String message, int offset) {
        super(message + " at byte " + offset + " of the block");
    }
}
