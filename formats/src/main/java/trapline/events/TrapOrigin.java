package trapline.events;

/** Where a trap came from. The ordinal is the code in an event, so rows are only ever appended. */
public enum TrapOrigin implements Labelled {
    /** The instruction at eip raised it. */
    INSTRUCTION("instruction"),
    /** A device or another CPU raised it. */
    EXTERNAL("external"),
    /** The scenario injected it. */
    INJECTED("injected");

    private final String label;

    TrapOrigin(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
