package trapline.machine.device;

import trapline.machine.bus.Device;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** The configuration that QEMU's firmware reads at ports 0x510 and 0x511: signature, memory, CPUs, no files. */
public final class FwCfg implements Device {
    /** Its first port. */
    public static final int BASE = 0x510;

    private static final int SIGNATURE = 0;
    private static final int VERSION = 1;
    private static final int RAM_BYTES = 3;
    private static final int CPUS = 5;
    private static final int CPUS_MAX = 15;

    private final long ramBytes;
    private final int cpus;
    private int key;
    private int at;

    /** The configuration of a machine. */
    public FwCfg(long ramBytes, int cpus) {
        this.ramBytes = ramBytes;
        this.cpus = cpus;
    }

    @Override
    public int in(int port, int size) {
        if (port == BASE) {
            return size == 1 ? key & 0xff : key;
        }
        long value = switch (key) {
            case SIGNATURE -> 'Q' | ('E' << 8) | ('M' << 16) | ('U' << 24);
            case VERSION -> 1;
            case RAM_BYTES -> ramBytes;
            case CPUS, CPUS_MAX -> cpus;
            default -> 0;
        };
        int result = at < 8 ? (int) (value >>> (8 * at)) & 0xff : 0;
        at++;
        return result;
    }

    @Override
    public void out(int port, int size, int value) {
        if (port == BASE) {
            key = value & 0xffff;
            at = 0;
        }
    }

    @Override
    public void save(StateWriter out) {
        out.ints(key, at);
    }

    @Override
    public void load(StateReader in) {
        int[] values = in.ints();
        key = values[0];
        at = values[1];
    }
}
