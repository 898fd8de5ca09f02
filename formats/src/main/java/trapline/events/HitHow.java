package trapline.events;

/**
 * How the instruction under a probe came to be done, as far as the CPU shows it. The ordinal is the code in an event, so
 * rows are only ever appended.
 */
public enum HitHow implements Labelled {
    /** The return from the #BP went to where the instruction leads. */
    EMULATED("emulated"),
    /** A copy ran and came back without a trap. */
    BOOSTED("boosted"),
    /** A copy ran and the #DB behind it led back. */
    STEPPED("stepped"),
    /** A copy ran and the #BP behind it led back. */
    INT3_STEPPED("int3_stepped"),
    /** The instruction or its copy faulted. */
    FAULTED("faulted"),
    /** The #BP led back to the instruction: it is executed again, and nothing was compared. */
    RETRIED("retried"),
    /** The CPU goes on elsewhere than its instruction leads. */
    ELSEWHERE("elsewhere"),
    /** Nothing was compared: the instruction depends on what is outside, or enters a gate, or the hit was abandoned. */
    NOT_COMPARED("not_compared");

    private final String label;

    HitHow(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
