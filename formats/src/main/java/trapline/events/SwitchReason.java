package trapline.events;

/** Why another CPU runs. The ordinal is the code in an event, so rows are only ever appended. */
public enum SwitchReason implements Labelled {
    /** The quantum of the running CPU ended. */
    QUANTUM("quantum"),
    /** The running CPU halted. */
    HALTED("halted"),
    /** The schedule asked for it at this point. */
    SCHEDULE("schedule"),
    /** A CPU began to run for the first time. */
    START("start");

    private final String label;

    SwitchReason(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
