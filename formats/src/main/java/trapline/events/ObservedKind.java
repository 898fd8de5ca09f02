package trapline.events;

/** What a row of the observation table declares; the guest's code is the ordinal + 1. Rows are only ever appended. */
public enum ObservedKind implements Labelled {
    /** The kprobe_status of each CPU. */
    STATUS("status"),
    /** The current_kprobe of each CPU. */
    CURRENT("current"),
    /** Any other variable. */
    WATCH("watch"),
    /** A function whose calls and returns are events. */
    FUNCTION("function"),
    /** Probed text: data reads and writes are events. */
    TEXT("text"),
    /** A struct kprobe object, named. */
    PROBE("probe");

    private final String label;

    ObservedKind(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
