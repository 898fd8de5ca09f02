package trapline.journal;

/**
 * How a journal is written; the events do not depend on it.
 *
 * @param sync make each block durable (fsync) before the run goes on
 */
public record JournalOptions(boolean sync) {

    /** Blocks go to the page cache: they survive the end of the process, not that of the operating system. */
    public static final JournalOptions DEFAULT = new JournalOptions(false);
}
