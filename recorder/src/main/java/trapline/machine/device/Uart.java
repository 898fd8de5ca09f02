package trapline.machine.device;

import java.util.Arrays;
import java.util.function.IntConsumer;
import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/**
 * A 16550A serial port (National PC16550D). Sending takes no time: the transmitter is always empty, and its interrupt comes
 * again as soon as a byte was written. What it receives waits outside until the guest reads, so nothing is ever overrun.
 *
 * <pre>
 *   offset  read                    write                  while LCR.7
 *   0       received byte           byte to send           divisor, low
 *   1       interrupt enable (IER)  IER                    divisor, high
 *   2       interrupt cause (IIR)   FIFO control
 *   3       line control (LCR)      LCR
 *   4       modem control (MCR)     MCR
 *   5       line status
 *   6       modem status
 *   7       scratch                 scratch
 * </pre>
 */
public final class Uart extends ByteDevice {
    /** How many ports it has. */
    public static final int PORTS = 8;

    private static final int DIVISOR_LATCH = 0x80;

    private static final int IER_RECEIVED = 1;
    private static final int IER_EMPTY = 2;
    private static final int IER_BITS = 0xf;

    private static final int IIR_NONE = 1;
    private static final int IIR_EMPTY = 2;
    private static final int IIR_RECEIVED = 4;
    private static final int IIR_FIFOS = 0xc0;

    private static final int FIFO_ENABLE = 1;
    private static final int FIFO_CLEAR_RECEIVER = 2;

    private static final int MCR_OUT2 = 8;
    private static final int MCR_LOOP = 0x10;
    private static final int MCR_BITS = 0x1f;

    private static final int LSR_RECEIVED = 1;
    private static final int LSR_EMPTY = 0x60;

    /** Carrier, data set ready, clear to send. */
    private static final int MSR_CONNECTED = 0xb0;

    private final int base;
    private final IrqLine irq;
    private final TextTail sent = new TextTail();
    private IntConsumer listener = value -> {};
    private SerialTalk talk = new SerialTalk();

    private int divisor = 12;
    private int interruptEnable;
    private int lineControl;
    private int modemControl;
    private int scratch;
    private boolean fifos;
    /** The transmitter became empty and nobody was told yet. */
    private boolean emptied;

    private byte[] received = new byte[0];
    private int receivedRead;

    /**
     * A serial port.
     *
     * @param base its first port
     * @param irq what it pulls while it has something to say
     */
    public Uart(int base, IrqLine irq) {
        this.base = base;
        this.irq = irq;
    }

    /** What the guest has sent, as ISO-8859-1; at most the last MiB. */
    public String text() {
        return sent.text();
    }

    /** Who is told of each byte that the guest sends; replaces the one before. */
    public void listen(IntConsumer newListener) {
        listener = newListener;
    }

    /** Puts somebody at the other end. */
    public void talkTo(SerialTalk newTalk) {
        talk = newTalk;
        receive(talk.begin());
    }

    /** Puts bytes on the wire to the guest, after those that still wait there. */
    public void receive(byte[] bytes) {
        byte[] waiting = Arrays.copyOfRange(received, receivedRead, received.length);
        received = Arrays.copyOf(waiting, waiting.length + bytes.length);
        System.arraycopy(bytes, 0, received, waiting.length, bytes.length);
        receivedRead = 0;
        updateIrq();
    }

    private boolean hasReceived() {
        return receivedRead < received.length;
    }

    private boolean isLatched() {
        return (lineControl & DIVISOR_LATCH) != 0;
    }

    @Override
    protected int in(int port) {
        return switch (port - base) {
            case 0 -> isLatched() ? divisor & 0xff : take();
            case 1 -> isLatched() ? divisor >>> 8 : interruptEnable;
            case 2 -> takeCause();
            case 3 -> lineControl;
            case 4 -> modemControl;
            case 5 -> LSR_EMPTY | (hasReceived() ? LSR_RECEIVED : 0);
            case 6 -> (modemControl & MCR_LOOP) != 0 ? looped() : MSR_CONNECTED;
            case 7 -> scratch;
            default -> 0xff;
        };
    }

    private int take() {
        int value = hasReceived() ? received[receivedRead++] & 0xff : 0;
        updateIrq();
        return value;
    }

    /** Reading the cause "transmitter empty" is what acknowledges it. */
    private int takeCause() {
        int cause = cause();
        if (cause == IIR_EMPTY) {
            emptied = false;
            updateIrq();
        }
        return cause | (fifos ? IIR_FIFOS : 0);
    }

    private int cause() {
        if ((interruptEnable & IER_RECEIVED) != 0 && hasReceived()) {
            return IIR_RECEIVED;
        }
        return (interruptEnable & IER_EMPTY) != 0 && emptied ? IIR_EMPTY : IIR_NONE;
    }

    /** In loop-back mode the modem's outputs are its inputs. */
    private int looped() {
        int rts = modemControl & 2;
        int dtr = modemControl & 1;
        return (rts << 3) | (dtr << 5) | ((modemControl & 0xc) << 4);
    }

    @Override
    protected void out(int port, int value) {
        switch (port - base) {
            case 0 -> writeData(value);
            case 1 -> writeEnable(value);
            case 2 -> writeFifoControl(value);
            case 3 -> lineControl = value;
            case 4 -> modemControl = value & MCR_BITS;
            case 7 -> scratch = value;
            default -> {}
        }
        updateIrq();
    }

    private void writeData(int value) {
        if (isLatched()) {
            divisor = (divisor & 0xff00) | value;
            return;
        }
        emptied = true;
        if ((modemControl & MCR_LOOP) != 0) {
            receive(new byte[] {(byte) value});
            return;
        }
        sent.add((byte) value);
        listener.accept(value);
        byte[] answer = talk.hear(value);
        if (answer.length > 0) {
            receive(answer);
        }
    }

    private void writeEnable(int value) {
        if (isLatched()) {
            divisor = (divisor & 0xff) | (value << 8);
            return;
        }
        boolean wasEnabled = (interruptEnable & IER_EMPTY) != 0;
        interruptEnable = value & IER_BITS;
        if (!wasEnabled && (value & IER_EMPTY) != 0) {
            emptied = true;
        }
    }

    private void writeFifoControl(int value) {
        fifos = (value & FIFO_ENABLE) != 0;
        if ((value & FIFO_CLEAR_RECEIVER) != 0 && (modemControl & MCR_LOOP) != 0) {
            receivedRead = received.length;
        }
    }

    private void updateIrq() {
        irq.set(cause() != IIR_NONE && (modemControl & MCR_OUT2) != 0);
    }

    @Override
    public void save(StateWriter out) {
        out.ints(divisor, interruptEnable, lineControl, modemControl, scratch);
        out.bool(fifos).bool(emptied);
        byte[] waiting = Arrays.copyOfRange(received, receivedRead, received.length);
        out.bytes(waiting, waiting.length);
        sent.save(out);
        talk.save(out);
    }

    @Override
    public void load(StateReader in) {
        int[] registers = new int[5];
        in.ints(registers);
        divisor = registers[0];
        interruptEnable = registers[1];
        lineControl = registers[2];
        modemControl = registers[3];
        scratch = registers[4];
        fifos = in.bool();
        emptied = in.bool();
        received = in.bytes();
        receivedRead = 0;
        sent.load(in);
        talk.load(in);
    }
}
