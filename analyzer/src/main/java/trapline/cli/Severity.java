package trapline.cli;

/** How a journal came out, from best to worst. */
public enum Severity {
    /** Nothing failed and nothing is unknown. */
    CLEAN,
    /** Something is unknown. */
    UNKNOWN,
    /** A claim is violated. */
    FAILED,
    /** It could not be read. */
    UNREADABLE;

    /** The worse of two. */
    public Severity worse(Severity other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
