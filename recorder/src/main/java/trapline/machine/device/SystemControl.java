package trapline.machine.device;

import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** Two ports that reset the processor: 0x92, which also has the A20 gate (it is always open), and 0xcf9. */
public final class SystemControl extends ByteDevice {
    private static final int PORT_A = 0x92;
    private static final int RESET_CONTROL = 0xcf9;
    private static final int A20 = 2;
    private static final int RESET_CPU = 4;

    private final Runnable reset;
    private int value = A20;

    /** Ports with A20 open. */
    public SystemControl(Runnable reset) {
        this.reset = reset;
    }

    /** Gives it its ports. */
    public void register(IoSpace io) {
        io.register(PORT_A, 1, this);
        io.register(RESET_CONTROL, 1, this);
    }

    @Override
    protected int in(int port) {
        return port == PORT_A ? value : 0;
    }

    @Override
    protected void out(int port, int newValue) {
        boolean wanted = port == PORT_A ? (newValue & ~value & 1) != 0 : (newValue & RESET_CPU) != 0;
        value = port == PORT_A ? newValue : value;
        if (wanted) {
            reset.run();
        }
    }

    @Override
    public void save(StateWriter out) {
        out.i32(value);
    }

    @Override
    public void load(StateReader in) {
        value = in.i32();
    }
}
