package trapline.machine.bus;

/** A device whose registers are bytes: wider accesses reach one register after the other, the lowest first. */
public abstract class ByteDevice implements Device {

    /** Reads the register at a port, 0–255. */
    protected abstract int in(int port);

    /** Writes the register at a port, 0–255. */
    protected abstract void out(int port, int value);

    @Override
    public final int in(int port, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= (in(port + i) & 0xff) << (8 * i);
        }
        return value;
    }

    @Override
    public final void out(int port, int size, int value) {
        for (int i = 0; i < size; i++) {
            out(port + i, (value >>> (8 * i)) & 0xff);
        }
    }
}
