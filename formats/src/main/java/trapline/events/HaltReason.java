package trapline.events;

/** Why a run ended. The ordinal is the code in an event, so rows are only ever appended. */
public enum HaltReason implements Labelled {
    /** The guest wrote the exit port; code is what it wrote. */
    EXIT("exit"),
    /** Every CPU is halted and nothing can wake one. */
    HALTED("halted"),
    /** The instruction limit of the scenario was reached. */
    LIMIT("limit"),
    /** A fault while delivering a double fault. */
    TRIPLE_FAULT("triple_fault"),
    /** An instruction or a machine feature that is not there. */
    UNSUPPORTED("unsupported"),
    /** Execution left physical memory. */
    BAD_FETCH("bad_fetch"),
    /** The user stopped the recording. */
    INTERRUPTED("interrupted"),
    /** The source of the events ended. */
    SOURCE_END("source_end");

    private final String label;

    HaltReason(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
