package trapline.machine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The I/O ports: COM1, the debug console 0xe9, the exit port 0xf4, the note port 0x540. Every other port reads as all ones
 * and ignores writes, interrupt controllers and timer included.
 */
final class Ports {
    private static final int COM1 = 0x3f8;
    private static final int COM1_LINE_CONTROL = 3;
    private static final int COM1_LINE_STATUS = 5;
    /** Transmitter holding register empty and idle. */
    private static final int READY = 0x60;

    private static final int DIVISOR_LATCH = 0x80;
    private static final int EXIT = 0xf4;
    private static final int NOTE = 0x540;
    private static final int CONSOLE_BYTES_MAX = 1 << 20;
    private static final int NOTE_CHARS_MAX = 256;

    private byte[] console = new byte[256];
    private int consoleLength;
    private int lineControl;

    String console() {
        return new String(console, 0, consoleLength, StandardCharsets.ISO_8859_1);
    }

    byte[] consoleBytes() {
        return Arrays.copyOf(console, consoleLength);
    }

    void setConsole(byte[] bytes) {
        console = Arrays.copyOf(bytes, Math.max(256, bytes.length));
        consoleLength = bytes.length;
    }

    int in(Cpu cpu, int port, int size) {
        cpu.mmu.leaveTrial();
        cpu.debug.ioAccess(port, size);
        if (size == 1 && port >= COM1 && port < COM1 + 8) {
            return readSerial(port - COM1);
        }
        return Shifts.mask(size);
    }

    private int readSerial(int register) {
        return switch (register) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case COM1_LINE_CONTROL -> lineControl;
            case COM1_LINE_STATUS -> READY;
            case 6 -> 0xb0;
            default -> 0;
        };
    }

    void out(Cpu cpu, int port, int size, int value) {
        cpu.mmu.leaveTrial();
        cpu.debug.ioAccess(port, size);
        switch (port) {
            case COM1 -> {
                if ((lineControl & DIVISOR_LATCH) == 0) {
                    print((byte) value);
                }
            }
            case COM1 + COM1_LINE_CONTROL -> lineControl = value & 0xff;
            case EXIT -> throw new MachineEnd(EndReason.EXIT, "exit code " + value, value);
            case NOTE -> {
                if (size == 4) {
                    note(cpu, value);
                }
            }
            default -> {}
        }
    }

    private void print(byte character) {
        if (consoleLength == CONSOLE_BYTES_MAX) {
            System.arraycopy(console, CONSOLE_BYTES_MAX / 2, console, 0, CONSOLE_BYTES_MAX / 2);
            consoleLength = CONSOLE_BYTES_MAX / 2;
        }
        if (consoleLength == console.length) {
            console = Arrays.copyOf(console, 2 * consoleLength);
        }
        console[consoleLength++] = character;
    }

    private static void note(Cpu cpu, int address) {
        Observer observer = cpu.observer;
        if (observer == null) {
            return;
        }
        int kind = peek(cpu, address);
        int text = peek(cpu, address + 4);
        int value = peek(cpu, address + 8);
        StringBuilder characters = new StringBuilder();
        for (int i = 0; text != 0 && i < NOTE_CHARS_MAX; i++) {
            int character = peek(cpu, text + i) & 0xff;
            if (character == 0) {
                break;
            }
            characters.append((char) character);
        }
        observer.note(cpu, kind, characters.toString(), value);
    }

    private static int peek(Cpu cpu, int linear) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            long physical = cpu.mmu.lookUp(linear + i);
            value |= (physical < 0 ? 0 : cpu.machine.memory.byteAt((int) physical)) << (8 * i);
        }
        return value;
    }
}
