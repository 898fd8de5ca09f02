package trapline.events;

/** What wrote EFLAGS. The ordinal is the code in an event, so rows are only ever appended. */
public enum FlagCause implements Labelled {
    /** An arithmetic or logic instruction wrote the status flags. */
    ALU("alu"),
    /** POPF loaded the register. */
    POPF("popf"),
    /** IRET loaded the register. */
    IRET("iret"),
    /** A gate cleared TF, NT, RF and, for an interrupt gate, IF (Intel SDM vol. 3A §6.12.1). */
    GATE("gate"),
    /** STI or CLI. */
    STI_CLI("sti_cli"),
    /** CLD or STD. */
    CLD_STD("cld_std"),
    /** CLC, STC or CMC. */
    CARRY("carry"),
    /** SAHF. */
    SAHF("sahf"),
    /** A store into the saved EFLAGS image of a live trap frame: how a handler sets or clears TF. */
    FRAME("frame");

    private final String label;

    FlagCause(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
