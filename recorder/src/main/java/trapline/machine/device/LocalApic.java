package trapline.machine.device;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Shifts;
import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/**
 * A minimal local APIC (Intel SDM vol. 3A chapter 11): ID, version, task priority, EOI, spurious vector register, IRR and
 * ISR, the interrupt command register with INIT, SIPI, fixed and NMI messages; and, in a PC, the timer, whose ticks are
 * instructions.
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

    private static final int REG_LVT_TIMER = 0x320;
    private static final int REG_LVT_0 = 0x350;
    private static final int REG_LVT_ERROR = 0x370;
    private static final int REG_TIMER_INITIAL = 0x380;
    private static final int REG_TIMER_CURRENT = 0x390;
    private static final int REG_TIMER_DIVIDE = 0x3e0;

    private static final int MASKED = 0x1_0000;
    private static final int PERIODIC = 0x2_0000;
    private static final int EXTERNAL = 0x700;
    private static final int BASE_ENABLED = 0x800;
    private static final int BASE_BOOT = 0x100;
    private static final int BASE_RESERVED = 0x6ff;

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
    private int base;
    private @Nullable AlarmClock clock;
    private int alarm;
    private long timerStart;
    private @Nullable InterruptController controller;
    private IntConsumer ended = vector -> {};

    /**
     * A local APIC after reset.
     *
     * @param pins of its CPU
     * @param id its number
     */
    public LocalApic(Pins pins, int id) {
        this.pins = pins;
        this.id = id;
        this.base = BASE | BASE_ENABLED | (id == 0 ? BASE_BOOT : 0);
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
    public boolean isAt(int physical) {
        return ((physical ^ base) & 0xffff_f000) == 0 && (base & BASE_ENABLED) != 0;
    }

    /** Whether a register tells or takes the time. */
    public static boolean isTimed(int physical) {
        int offset = physical & 0xff0;
        return offset == REG_TIMER_INITIAL || offset == REG_TIMER_CURRENT || offset == REG_TIMER_DIVIDE;
    }

    /** The register of its address: MSR 0x1b. */
    public int base() {
        return base;
    }

    /** Sets the register of its address; false if it cannot have that value. */
    public boolean setBase(int value) {
        if ((value & BASE_RESERVED) != 0) {
            return false;
        }
        base = (value & ~BASE_BOOT) | (id == 0 ? BASE_BOOT : 0);
        return true;
    }

    /** Gives it a timer, and what it has with an interrupt controller of the old kind and with an I/O APIC. */
    public void connect(AlarmClock newClock, @Nullable InterruptController newController, IntConsumer newEnded) {
        clock = newClock;
        alarm = newClock.add(this::expired);
        controller = newController;
        ended = newEnded;
        maskLocal();
    }

    /** Sends a message to those whom it is for. */
    static void send(List<LocalApic> all, int command, int destination, boolean logical) {
        boolean any = ((command >>> 8) & 7) == LOWEST_PRIORITY;
        for (LocalApic target : all) {
            if (target.isAddressed(destination, logical)) {
                target.accept((command >>> 8) & 7, command);
                if (any) {
                    return;
                }
            }
        }
    }

    private void maskLocal() {
        for (int offset = REG_LVT_TIMER; offset <= REG_LVT_ERROR; offset += 0x10) {
            registers[offset >> 4] = MASKED;
        }
        if (id == 0 && controller != null) {
            registers[REG_LVT_0 >> 4] = EXTERNAL;
        }
    }

    private boolean hasController() {
        InterruptController source = controller;
        return source != null
                && id == 0
                && source.isRequesting()
                && ((base & BASE_ENABLED) == 0 || (registers[REG_LVT_0 >> 4] & (MASKED | EXTERNAL)) == EXTERNAL);
    }

    private long unit() {
        int code = registers[REG_TIMER_DIVIDE >> 4];
        int shift = (((code & 3) | ((code >>> 1) & 4)) + 1) & 7;
        return 1L << shift;
    }

    private void startTimer() {
        AlarmClock source = clock;
        if (source == null) {
            return;
        }
        long count = registers[REG_TIMER_INITIAL >> 4] & 0xffff_ffffL;
        timerStart = source.now();
        source.set(alarm, count == 0 ? AlarmClock.NEVER : timerStart + count * unit());
    }

    private void expired(long time) {
        int entry = registers[REG_LVT_TIMER >> 4];
        if ((entry & PERIODIC) != 0) {
            timerStart = time;
            long count = registers[REG_TIMER_INITIAL >> 4] & 0xffff_ffffL;
            if (clock != null && count != 0) {
                clock.set(alarm, time + count * unit());
            }
        }
        if ((entry & MASKED) == 0) {
            accept(FIXED, entry & 0xff);
        }
    }

    private int timerCount() {
        AlarmClock source = clock;
        if (source == null || source.alarm(alarm) == AlarmClock.NEVER) {
            return 0;
        }
        return (int) ((source.alarm(alarm) - source.now() + unit() - 1) / unit());
    }

    /** Saves what the timer needs besides the registers. */
    public void saveTimer(StateWriter out) {
        out.i64(timerStart);
    }

    /** See {@link #saveTimer}. */
    public void loadTimer(StateReader in) {
        timerStart = in.i64();
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
        } else if (offset == REG_TIMER_CURRENT) {
            value = timerCount();
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
        if (offset == REG_TIMER_INITIAL) {
            startTimer();
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
            ended.accept(vector);
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
            if (clock != null) {
                clock.set(alarm, AlarmClock.NEVER);
                maskLocal();
            }
            registers[REG_ID >> 4] = kept;
        }
    }

    /** An external controller asks for an interrupt, without EOI. */
    public void raiseExternal(int vector) {
        external[vector >> 5] |= 1 << vector;
        pins.attend();
    }

    /** Its CPU shall look whether there is an interrupt. */
    public void attend() {
        pins.attend();
    }

    /** Whether there is an interrupt to be delivered if IF allows. */
    public boolean hasPending() {
        return highest(external) >= 0 || deliverable() >= 0 || hasController();
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
        if (vector < 0 && controller != null) {
            return controller.acknowledge();
        }
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
