package trapline.cli;

/** What a command tells the shell. The numbers are an interface: scripts branch on them. */
public enum ExitCode {
    /** Done, nothing to complain about. */
    CLEAN(0, "no finding"),
    /** Done, and there is a finding: a violated check, a difference. */
    FINDING(1, "a finding: a violated check, a difference"),
    /** The command line is wrong. */
    USAGE(2, "the command line is wrong"),
    /** Done, but events were lost or damaged where it mattered, or the verdict is UNKNOWN. */
    LOSSY(3, "done, but a verdict is UNKNOWN or events were lost or damaged"),
    /** An input is missing, unreadable, malformed or not ours. */
    UNREADABLE(4, "an input is missing, unreadable, malformed or not ours"),
    /** A re-execution gave another digest. */
    NOT_REPRODUCED(5, "a re-execution gave another digest"),
    /** A defect of this tool, or output that cannot be written. */
    INTERNAL(70, "a defect of this tool, or output that cannot be written"),
    /** Stopped by Ctrl-C; the JVM itself ends with this number. */
    INTERRUPTED(130, "interrupted"),
    /** The reader of standard output went away ({@code | head}): what the shell shows for SIGPIPE. */
    PIPE_CLOSED(141, "the reader of standard output went away");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** What the worst verdicts amount to. */
    public static ExitCode of(Severity severity) {
        return switch (severity) {
            case CLEAN -> CLEAN;
            case UNKNOWN -> LOSSY;
            case FAILED -> FINDING;
            case UNREADABLE -> UNREADABLE;
        };
    }

    /** The number that the process ends with. */
    public int code() {
        return code;
    }

    /** What it means, for the manual page. */
    public String meaning() {
        return meaning;
    }

    /** The more serious of two, for a command that looked at several inputs. */
    public ExitCode worse(ExitCode other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
