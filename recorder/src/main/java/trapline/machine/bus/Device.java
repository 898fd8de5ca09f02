package trapline.machine.bus;

/**
 * A device: answers at I/O ports, at physical addresses, or both. What it does not answer reads as all ones, as on a bus that
 * nobody drives.
 */
public interface Device extends Stateful {

    /**
     * Reads a port that the device is registered for.
     *
     * @param port the port's number on the bus
     * @param size 1, 2 or 4 bytes
     */
    default int in(int port, int size) {
        return size == 4 ? -1 : (1 << (8 * size)) - 1;
    }

    /** Writes a port; see {@link #in}. */
    default void out(int port, int size, int value) {}

    /**
     * Reads memory that the device is registered for.
     *
     * @param address physical
     * @param size 1, 2 or 4 bytes
     */
    default int read(int address, int size) {
        return size == 4 ? -1 : (1 << (8 * size)) - 1;
    }

    /** Writes memory; see {@link #read}. */
    default void write(int address, int size, int value) {}
}
