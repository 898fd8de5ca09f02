package trapline.machine;

import trapline.machine.bus.Device;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.MachineEnd;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.i386.Cpu;
import trapline.machine.tape.Observer;

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
            note(value);
        }
    }

    private void note(int address) {
        Observer observer = machine.observer();
        if (observer == null) {
            return;
        }
        Cpu cpu = machine.cpu(machine.runningCpu());
        int text = cpu.peek32(address + 4);
        StringBuilder characters = new StringBuilder();
        for (int i = 0; text != 0 && i < NOTE_CHARS_MAX; i++) {
            int character = cpu.peek32(text + i) & 0xff;
            if (character == 0) {
                break;
            }
            characters.append((char) character);
        }
        observer.note(cpu, cpu.peek32(address), characters.toString(), cpu.peek32(address + 8));
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
