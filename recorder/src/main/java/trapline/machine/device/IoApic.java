package trapline.machine.device;

import java.util.List;
import trapline.machine.bus.Device;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** An I/O APIC with 24 inputs (Intel 82093AA data sheet): turns lines into messages to local APICs. */
public final class IoApic implements Device {
    /** Its physical address. */
    public static final int BASE = 0xfec0_0000;
    /** How many bytes it answers at. */
    public static final int BYTES = 0x1000;
    /** How many inputs it has. */
    public static final int INPUTS = 24;

    private static final int WINDOW = 0x10;
    private static final int VERSION = 0x11 | ((INPUTS - 1) << 16);
    private static final int FIRST_ENTRY = 0x10;
    private static final int MASKED = 0x1_0000;
    private static final int LEVEL = 0x8000;
    private static final int REMOTE_IRR = 0x4000;
    private static final int READ_ONLY = 0x5000;

    private final List<LocalApic> processors;
    private final int[] entries = new int[2 * INPUTS];
    private int wires;
    private int select;
    private int id;

    /**
     * All inputs masked.
     *
     * @param processors every local APIC
     * @param id its number
     */
    public IoApic(List<LocalApic> processors, int id) {
        this.processors = processors;
        this.id = id << 24;
        for (int i = 0; i < INPUTS; i++) {
            entries[2 * i] = MASKED;
        }
    }

    /** The wire of an input. */
    public IrqLine line(int input) {
        return active -> drive(input, active);
    }

    private void drive(int input, boolean active) {
        boolean was = ((wires >>> input) & 1) != 0;
        wires = active ? wires | (1 << input) : wires & ~(1 << input);
        boolean isLevel = (entries[2 * input] & LEVEL) != 0;
        if (active && (isLevel || !was)) {
            serve(input);
        }
    }

    private void serve(int input) {
        int entry = entries[2 * input];
        if ((entry & MASKED) != 0 || ((entry & LEVEL) != 0 && (entry & REMOTE_IRR) != 0)) {
            return;
        }
        if ((entry & LEVEL) != 0) {
            entries[2 * input] |= REMOTE_IRR;
        }
        LocalApic.send(processors, entry & 0x7ff, entries[2 * input + 1] >>> 24, (entry & 0x800) != 0);
    }

    /** A processor has ended the interrupt of a vector: a level-triggered line that is still active asks again. */
    public void endOfInterrupt(int vector) {
        for (int input = 0; input < INPUTS; input++) {
            int entry = entries[2 * input];
            if ((entry & REMOTE_IRR) != 0 && (entry & 0xff) == vector) {
                entries[2 * input] &= ~REMOTE_IRR;
                if (((wires >>> input) & 1) != 0) {
                    serve(input);
                }
            }
        }
    }

    @Override
    public int read(int address, int size) {
        int offset = address - BASE;
        if (offset != WINDOW) {
            return offset == 0 ? select : 0;
        }
        int entry = select - FIRST_ENTRY;
        if (entry >= 0 && entry < entries.length) {
            return entries[entry];
        }
        return switch (select) {
            case 0, 2 -> id;
            case 1 -> VERSION;
            default -> 0;
        };
    }

    @Override
    public void write(int address, int size, int value) {
        int offset = address - BASE;
        if (offset == 0) {
            select = value & 0xff;
        } else if (offset == WINDOW && select == 0) {
            id = value & 0x0f00_0000;
        } else if (offset == WINDOW && select >= FIRST_ENTRY && select < FIRST_ENTRY + entries.length) {
            writeEntry(select - FIRST_ENTRY, value);
        }
    }

    private void writeEntry(int number, int value) {
        if ((number & 1) != 0) {
            entries[number] = value & 0xff00_0000;
            return;
        }
        int kept = (value & LEVEL) != 0 ? entries[number] & READ_ONLY : 0;
        entries[number] = (value & 0x1_ffff & ~READ_ONLY) | kept;
        boolean isLevel = (value & LEVEL) != 0;
        if (isLevel && ((wires >>> (number / 2)) & 1) != 0) {
            serve(number / 2);
        }
    }

    @Override
    public void save(StateWriter out) {
        out.ints(entries).ints(wires, select, id);
    }

    @Override
    public void load(StateReader in) {
        in.ints(entries);
        int[] values = in.ints();
        wires = values[0];
        select = values[1];
        id = values[2];
    }
}
