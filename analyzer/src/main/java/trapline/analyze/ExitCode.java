package trapline.analyze;

/** What a command tells the shell. The numbers are an interface: scripts branch on them. */
public enum ExitCode {
    /** Done, nothing to complain about. */
    CLEAN(0),
    /** Done, and there is a finding: a violated check, a difference. */
    FINDING(1),
    /** The command line is wrong. */
    USAGE(2),
    /** Done, but events were lost or damaged where it mattered, or the verdict is UNKNOWN. */
    LOSSY(3),
    /** An input is missing, unreadable or not ours. */
    UNREADABLE(4),
    /** A re-execution gave another digest. */
    NOT_REPRODUCED(5),
    /** A defect of this tool, or output that cannot be written. */
    INTERNAL(70),
    /** Stopped by Ctrl-C; the JVM itself ends with this number. */
    INTERRUPTED(130),
    /** The reader of standard output went away ({@code | head}): what the shell shows for SIGPIPE. */
    PIPE_CLOSED(141);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number that the process ends with. */
    public int code() {
        return code;
    }

    /** The more serious of two, for a command that looked at several inputs. */
    public ExitCode worse(ExitCode other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
