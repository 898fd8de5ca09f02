package trapline.machine.device;

import java.util.function.IntFunction;
import trapline.machine.bus.Device;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** The ports that kvm-unit-tests use: a dword at 0xe0 that keeps what is written, and 0x2000 with a port for each IRQ line. */
public final class TestDevice implements Device {
    private static final int ECHO = 0xe0;
    private static final int ECHO_PORTS = 4;
    private static final int LINES = 0x2000;
    private static final int LINE_COUNT = 24;

    private final IntFunction<IrqLine> lines;
    private int kept;

    /**
     * A device.
     *
     * @param lines the wire of each IRQ
     */
    public TestDevice(IntFunction<IrqLine> lines) {
        this.lines = lines;
    }

    /** Gives it its ports. */
    public void register(IoSpace io) {
        io.register(ECHO, ECHO_PORTS, this);
        io.register(LINES, LINE_COUNT, this);
    }

    @Override
    public int in(int port, int size) {
        int value = port < LINES ? kept >>> (8 * (port - ECHO)) : 0;
        return size == 4 ? value : value & ((1 << (8 * size)) - 1);
    }

    @Override
    public void out(int port, int size, int value) {
        if (port >= LINES) {
            lines.apply(port - LINES).set(value != 0);
            return;
        }
        int mask = (size == 4 ? -1 : (1 << (8 * size)) - 1) << (8 * (port - ECHO));
        kept = (kept & ~mask) | ((value << (8 * (port - ECHO))) & mask);
    }

    @Override
    public void save(StateWriter out) {
        out.i32(kept);
    }

    @Override
    public void load(StateReader in) {
        kept = in.i32();
    }
}
