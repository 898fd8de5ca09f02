package trapline.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Ends the command when standard output cannot be written any more. A {@link java.io.PrintStream} swallows the
 * {@link IOException} of a closed pipe, and the command would go on printing millions of events to nobody.
 */
final class StandardOutput extends FilterOutputStream {
    /** Standard output is closed or full. */
    static final class Lost extends RuntimeException {
        private final IOException reason;

        Lost(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        IOException reason() {
            return reason;
        }

        /** Whether the reader just went away, as {@code head} does when it has seen enough. */
        boolean readerLeft() {
            String message = reason.getMessage();
            return message != null && message.contains("Broken pipe");
        }
    }

    StandardOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new Lost(e);
        }
    }
}
