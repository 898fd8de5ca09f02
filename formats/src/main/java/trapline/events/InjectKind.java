package trapline.events;

/** What the scenario injected. The ordinal is the code in an event, so rows are only ever appended. */
public enum InjectKind implements Labelled {
    /** A non-maskable interrupt. */
    NMI("nmi"),
    /** A maskable interrupt; number is its vector. */
    IRQ("irq"),
    /** Bytes written into memory; number is the address. */
    POKE("poke"),
    /** A page made not present; number is its address. */
    NOT_PRESENT("not_present");

    private final String label;

    InjectKind(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
