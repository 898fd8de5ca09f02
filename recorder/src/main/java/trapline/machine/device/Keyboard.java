package trapline.machine.device;

import java.util.Arrays;
import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** The i8042 keyboard controller with a keyboard and no mouse. */
public final class Keyboard extends ByteDevice {
    private static final int DATA = 0x60;
    private static final int COMMAND = 0x64;

    private static final int STATUS_FULL = 1;
    private static final int STATUS_SYSTEM = 4;
    private static final int STATUS_COMMAND = 8;
    private static final int STATUS_UNLOCKED = 0x10;

    private static final int MODE_IRQ = 1;
    private static final int MODE_DISABLED = 0x10;
    private static final int ACKNOWLEDGE = 0xfa;

    private final IrqLine irq;
    private final Runnable reset;
    private int mode = 0x45;
    /** The controller's command that waits for its byte, or the keyboard's; 0 for none. */
    private int waiting;

    private boolean wasCommand;
    private int outputPort = 3;
    private byte[] queue = new byte[0];

    /**
     * A keyboard with no key pressed.
     *
     * @param irq what it pulls while a byte waits to be read
     * @param reset what a guest does that asks the controller to reset the processor
     */
    public Keyboard(IrqLine irq, Runnable reset) {
        this.irq = irq;
        this.reset = reset;
    }

    /** Gives it its ports. */
    public void register(IoSpace io) {
        io.register(DATA, 1, this);
        io.register(COMMAND, 1, this);
    }

    /** Sends scan codes, as of keys pressed and released. */
    public void press(byte[] scanCodes) {
        for (byte code : scanCodes) {
            answer(code);
        }
    }

    private void answer(int... values) {
        int length = queue.length;
        queue = Arrays.copyOf(queue, length + values.length);
        for (int i = 0; i < values.length; i++) {
            queue[length + i] = (byte) values[i];
        }
        update();
    }

    private void update() {
        irq.set(queue.length > 0 && (mode & MODE_IRQ) != 0);
    }

    @Override
    protected int in(int port) {
        if (port == COMMAND) {
            return STATUS_SYSTEM
                    | STATUS_UNLOCKED
                    | (queue.length > 0 ? STATUS_FULL : 0)
                    | (wasCommand ? STATUS_COMMAND : 0);
        }
        if (queue.length == 0) {
            return 0;
        }
        int value = queue[0] & 0xff;
        queue = Arrays.copyOfRange(queue, 1, queue.length);
        irq.set(false);
        update();
        return value;
    }

    @Override
    protected void out(int port, int value) {
        wasCommand = port == COMMAND;
        if (wasCommand) {
            command(value);
        } else {
            data(value);
        }
    }

    private void command(int value) {
        waiting = 0;
        switch (value) {
            case 0x20 -> answer(mode);
            case 0x60, 0xd1, 0xd2, 0xd3, 0xd4 -> waiting = value;
            // No mouse: its test fails at once, so that nobody waits for one.
            case 0xa9 -> answer(1);
            case 0xaa -> answer(0x55);
            case 0xab -> answer(0);
            case 0xad -> mode |= MODE_DISABLED;
            case 0xae -> mode &= ~MODE_DISABLED;
            case 0xd0 -> answer(outputPort);
            default -> {
                if (value >= 0xf0 && (value & 1) == 0) {
                    reset.run();
                }
            }
        }
    }

    private void data(int value) {
        int command = waiting;
        waiting = 0;
        switch (command) {
            case 0x60 -> {
                mode = value;
                update();
            }
            case 0xd1 -> {
                outputPort = value;
                if ((value & 1) == 0) {
                    reset.run();
                }
            }
            case 0xd2 -> answer(value);
            case 0xd3 -> answer(~value);
            case 0xd4 -> {}
            case 0 -> toKeyboard(value);
            default -> answer(ACKNOWLEDGE);
        }
    }

    private void toKeyboard(int value) {
        switch (value) {
            case 0xed, 0xf0, 0xf3 -> {
                waiting = value;
                answer(ACKNOWLEDGE);
            }
            case 0xee -> answer(0xee);
            case 0xf2 -> answer(ACKNOWLEDGE, 0xab, 0x83);
            case 0xff -> answer(ACKNOWLEDGE, 0xaa);
            default -> answer(ACKNOWLEDGE);
        }
    }

    @Override
    public void save(StateWriter out) {
        out.ints(mode, waiting, outputPort).bool(wasCommand).bytes(queue, queue.length);
    }

    @Override
    public void load(StateReader in) {
        int[] values = in.ints();
        mode = values[0];
        waiting = values[1];
        outputPort = values[2];
        wasCommand = in.bool();
        queue = in.bytes();
    }
}
