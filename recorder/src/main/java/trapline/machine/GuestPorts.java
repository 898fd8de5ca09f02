package trapline.machine;

import trapline.machine.bus.Device;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** What a guest says to Trapline itself: the exit port 0xf4 and the note port 0x540. It has no state. */
final class GuestPorts implements Device {
    static final int EXIT = 0xf4;
    static final int NOTE = 0x540;
    private static final int NOTE_CHARS_MAX = 256;

    private final Machine machine;

    GuestPorts(Machine machine) {
        this.machine = machine;
    }

    @Override
    public void out(int port, int size, int value) {
        if (port == EXIT) {
            throw new MachineEnd(EndReason.EXIT, "exit code " + value, value);
        }
        if (size == 4) {
            note(machine.cpus[machine.runningCpu()], value);
        }
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

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
