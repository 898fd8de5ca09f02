package trapline.machine.bus;

/** One end of a wire that asks for an interrupt. */
@FunctionalInterface
public interface IrqLine {

    /** A wire that leads nowhere. */
    IrqLine NONE = active -> {};

    /** Drives the wire; driving it as it is already driven changes nothing. */
    void set(boolean active);
}
