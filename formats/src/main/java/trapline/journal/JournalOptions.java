package trapline.journal;

/**
 * How a journal is written; the events do not depend on it.
 *
 * @param sync make each block durable (fsync) before the run goes on
 * @param rollBytes begin another file when one has reached this size; 0: one file
 * @param keepLastEvents be a ring: drop the oldest files, but keep at least this many last events; 0: keep all
 * @param bytesMax fail when the blocks would take more than this; 0: no limit but the disk's
 */
public record JournalOptions(boolean sync, long rollBytes, long keepLastEvents, long bytesMax) {

    /** Blocks go to the page cache: they survive the end of the process, not that of the operating system. */
    public static final JournalOptions DEFAULT = new JournalOptions(false, 0, 0, 0);

    /** The same, with each block made durable. */
    public JournalOptions withSync(boolean on) {
        return new JournalOptions(on, rollBytes, keepLastEvents, bytesMax);
    }

    /** The same, with files of about this size. */
    public JournalOptions withRollBytes(long bytes) {
        return new JournalOptions(sync, bytes, keepLastEvents, bytesMax);
    }

    /** The same, as a ring that keeps at least this many last events. */
    public JournalOptions withKeepLast(long events) {
        return new JournalOptions(sync, rollBytes, events, bytesMax);
    }

    /** The same, with a limit. */
    public JournalOptions withBytesMax(long bytes) {
        return new JournalOptions(sync, rollBytes, keepLastEvents, bytes);
    }
}
