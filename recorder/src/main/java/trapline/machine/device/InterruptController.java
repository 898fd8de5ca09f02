package trapline.machine.device;

/** What a CPU asks for the vector of an interrupt that came over its INTR pin. */
public interface InterruptController {

    /** Whether it asks for an interrupt. */
    boolean isRequesting();

    /** Acknowledges the interrupt to be delivered now and returns its vector. */
    int acknowledge();
}
