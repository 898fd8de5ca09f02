package trapline.machine.bus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The 65,536 ports: which device answers where. Ports of nobody read as all ones and ignore writes. */
public final class IoSpace implements Stateful {
    private static final int PORTS = 1 << 16;

    private final @Nullable Device[] owners = new Device[PORTS];
    private final List<Device> devices = new ArrayList<>();

    /**
     * Gives ports to a device.
     *
     * @param first the lowest
     * @param count how many
     * @throws IllegalArgumentException if another device has one of them
     */
    public void register(int first, int count, Device device) {
        for (int port = first; port < first + count; port++) {
            if (owners[port] != null) {
                throw new IllegalArgumentException("port 0x" + Integer.toHexString(port) + " is taken");
            }
            owners[port] = device;
        }
        if (!devices.contains(device)) {
            devices.add(device);
        }
    }

    /** Reads {@code size} bytes from a port. */
    public int in(int port, int size) {
        Device device = owners[port];
        return device == null ? (size == 4 ? -1 : (1 << (8 * size)) - 1) : device.in(port, size);
    }

    /** Writes {@code size} bytes to a port. */
    public void out(int port, int size, int value) {
        Device device = owners[port];
        if (device != null) {
            device.out(port, size, value);
        }
    }

    @Override
    public void save(StateWriter out) {
        devices.forEach(device -> device.save(out));
    }

    @Override
    public void load(StateReader in) {
        devices.forEach(device -> device.load(in));
    }
}
