package trapline.events;

/** Who touched probed text. The ordinal is the code in an event, so rows are only ever appended. */
public enum TextActor implements Labelled {
    /** An instruction of the guest. */
    GUEST("guest"),
    /** A debugger outside the guest. */
    DEBUGGER("debugger"),
    /** The scenario. */
    INJECTION("injection");

    private final String label;

    TextActor(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
