package trapline.verdicts;

/** Writes verdicts in one format. The calls come in the order of the methods. */
public interface VerdictWriter {

    /**
     * Before the first journal.
     *
     * @param journals number of journals that will follow
     */
    default void begin(int journals) {}

    /** One journal. */
    void journal(JournalVerdicts verdicts);

    /**
     * After the last journal.
     *
     * @param groups equal failures of all journals
     */
    default void end(Groups groups) {}
}
