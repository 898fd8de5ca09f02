package trapline.machine.device;

import java.util.Arrays;
import java.util.List;
import trapline.machine.alu.Shifts;

/**
 * A minimal local APIC (Intel SDM vol. 3A chapter 11): ID, version, task priority, EOI, spurious vector register, IRR and
 * ISR, and the interrupt command register with INIT, SIPI, fixed and NMI messages. No timer, no I/O APIC.
 *
 * <p>Interrupts that the scenario injects come as from an external controller: they need IF but no EOI.
 */
public final class LocalApic {
    private static final int BASE = 0xfee0_0000;
    private static final int VERSION = 0x0005_0014;
    private static final int ENABLED = 0x100;

    private static final int REG_ID = 0x20;
    private static final int REG_VERSION = 0x30;
    private static final int REG_TPR = 0x80;
    private static final int REG_EOI = 0xb0;
    private static final int REG_LDR = 0xd0;
    private static final int REG_SVR = 0xf0;
    private static final int REG_ISR = 0x100;
    private static final int REG_IRR = 0x200;
    private static final int REG_ICR_LOW = 0x300;
    private static final int REG_ICR_HIGH = 0x310;

    private static final int FIXED = 0;
    private static final int LOWEST_PRIORITY = 1;
    private static final int NMI = 4;
    private static final int INIT = 5;
    private static final int STARTUP = 6;

    private final Pins pins;
    private final int id;
    private List<LocalApic> all = List.of();
    private final int[] registers = new int[0x400 / 16];
    private final int[] requested = new int[8];
    private final int[] inService = new int[8];
    private final int[] external = new int[8];

    /**
     * A local APIC after reset.
     *
     * @param pins of its CPU
     * @param id its number
     */
    public LocalApic(Pins pins, int id) {
        this.pins = pins;
        this.id = id;
        reset();
    }

    /** Tells it which others there are, itself included. */
    public void connect(List<LocalApic> newAll) {
        all = List.copyOf(newAll);
    }

    private void reset() {
        Arrays.fill(registers, 0);
        Arrays.fill(requested, 0);
        Arrays.fill(inService, 0);
        Arrays.fill(external, 0);
        registers[REG_ID >> 4] = id << 24;
        registers[REG_VERSION >> 4] = VERSION;
        registers[REG_SVR >> 4] = 0xff;
    }

    /** Whether a physical address is that of the local APIC. */
    public static boolean isAt(int physical) {
        return (physical & 0xffff_f000) == BASE;
    }

    /** Reads a register. */
    public int read(int physical, int size) {
        int offset = physical & 0xff0;
        int value;
        if (offset >= 0x400) {
            value = 0;
        } else if (offset >= REG_ISR && offset < REG_ISR + 0x80) {
            value = inService[(offset - REG_ISR) >> 4];
        } else if (offset >= REG_IRR && offset < REG_IRR + 0x80) {
            value = requested[(offset - REG_IRR) >> 4];
        } else {
            value = registers[offset >> 4];
        }
        return (value >>> (8 * (physical & 3))) & Shifts.mask(size);
    }

    /** Writes a register; only whole ones can be. */
    public void write(int physical, int size, int value) {
        int offset = physical & 0xfff;
        if (size != 4 || (offset & 0xf) != 0 || offset >= 0x400 || offset == REG_VERSION) {
            return;
        }
        boolean readOnly = offset >= REG_ISR && offset < REG_IRR + 0x80;
        if (offset == REG_EOI) {
            endOfInterrupt();
        } else if (!readOnly) {
            registers[offset >> 4] = value;
        }
        if (offset == REG_ICR_LOW) {
            send(value, registers[REG_ICR_HIGH >> 4]);
        }
        pins.attend();
    }

    private void endOfInterrupt() {
        int vector = highest(inService);
        if (vector >= 0) {
            inService[vector >> 5] &= ~(1 << vector);
        }
    }

    private void send(int command, int high) {
        int mode = (command >>> 8) & 7;
        int shorthand = (command >>> 18) & 3;
        boolean logical = (command & 0x800) != 0;
        for (LocalApic target : all) {
            boolean self = target == this;

            boolean chosen = switch (shorthand) {
                case 0 -> target.isAddressed(high >>> 24, logical);
                case 1 -> self;
                default -> shorthand == 2 || !self;
            };
            if (chosen) {
                target.accept(mode, command);
            }
        }
    }

    private boolean isAddressed(int destination, boolean logical) {
        if (destination == 0xff) {
            return true;
        }
        return logical
                ? (registers[REG_LDR >> 4] >>> 24 & destination) != 0
                : registers[REG_ID >> 4] >>> 24 == destination;
    }

    private void accept(int mode, int command) {
        int vector = command & 0xff;
        switch (mode) {
            case FIXED, LOWEST_PRIORITY -> {
                if ((registers[REG_SVR >> 4] & ENABLED) != 0 && vector >= 16) {
                    requested[vector >> 5] |= 1 << vector;
                }
            }
            case NMI -> pins.nmi();
            case INIT -> init((command & 0xc000) == 0x8000);
            case STARTUP -> pins.startUp(vector);
            default -> {}
        }
        pins.attend();
    }

    private void init(boolean deassert) {
        if (!deassert) {
            pins.init();
            int kept = registers[REG_ID >> 4];
            reset();
            registers[REG_ID >> 4] = kept;
        }
    }

    /** An external controller asks for an interrupt, without EOI. */
    public void raiseExternal(int vector) {
        external[vector >> 5] |= 1 << vector;
        pins.attend();
    }

    /** Whether there is an interrupt to be delivered if IF allows. */
    public boolean hasPending() {
        return highest(external) >= 0 || deliverable() >= 0;
    }

    /** Whether the interrupt that {@link #take} would return was injected. */
    public boolean isNextInjected() {
        return highest(external) >= 0;
    }

    /** Acknowledges the interrupt to be delivered now and returns its vector. */
    public int take() {
        int vector = highest(external);
        if (vector >= 0) {
            external[vector >> 5] &= ~(1 << vector);
            return vector;
        }
        vector = deliverable();
        requested[vector >> 5] &= ~(1 << vector);
        inService[vector >> 5] |= 1 << vector;
        return vector;
    }

    /** The highest requested vector whose priority class is above the processor priority, or -1. */
    private int deliverable() {
        int vector = highest(requested);
        int busy = Math.max(highest(inService), registers[REG_TPR >> 4] & 0xff);
        return vector >> 4 > (busy < 0 ? 0 : busy >> 4) ? vector : -1;
    }

    private static int highest(int[] bits) {
        for (int i = bits.length - 1; i >= 0; i--) {
            if (bits[i] != 0) {
                return 32 * i + 31 - Integer.numberOfLeadingZeros(bits[i]);
            }
        }
        return -1;
    }

    /** The registers that have no other place, for snapshots and to be put back. */
    public int[] registers() {
        return registers;
    }

    /** IRR, as {@link #registers}. */
    public int[] requested() {
        return requested;
    }

    /** ISR, as {@link #registers}. */
    public int[] inService() {
        return inService;
    }

    /** What external controllers ask for, as {@link #registers}. */
    public int[] external() {
        return external;
    }
}
