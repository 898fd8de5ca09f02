package trapline.machine.device;

/** What a local APIC can do to its CPU. */
public interface Pins {

    /** An NMI message came. */
    void nmi();

    /** An INIT message came: reset, then wait for a start-up message. */
    void init();

    /** A start-up message came: run from real-mode segment {@code vector << 8}, if waiting for it. */
    void startUp(int vector);

    /** Something changed that the CPU has to look at before the next instruction. */
    void attend();
}
