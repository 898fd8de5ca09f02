package trapline.cli;

/**
 * Ends a command with one line on standard error. The message says what is wrong, where (file, offset, line:column)
 * and what to do; it neither begins with the tool's name nor ends with a full stop.
 */
public final class UserError extends RuntimeException {
    private final ExitCode exitCode;

    /** An error of the given kind; {@code message} is the line, without the tool's name in front. */
    public UserError(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** As above; the cause shows up with {@code --debug} only. */
    public UserError(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
