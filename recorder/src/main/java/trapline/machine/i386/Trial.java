package trapline.machine.i386;

import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;
import trapline.machine.bus.MachineEnd;
import trapline.machine.tape.Observer;

/**
 * Executes instructions on trial: what one would leave, were it executed now on a CPU with these registers. The machine
 * stays as it is: stores go to a log that the trial's own reads see, pages get no accessed bit, translations are neither
 * made nor dropped, and nobody is told. An instruction that asks what is outside (ports, the time, devices) is not tried.
 *
 * <p>Set the state with {@link #begin}, {@link #setReg} and the like, then {@link #run}; the results are there until the
 * next {@link #run}, which may begin at the same state again. One object for each CPU; it may be used from a listener, in the midst of an instruction.
 */
public final class Trial implements Overlay {

    /** How many bytes an instruction may store; one that stores more is not tried. */
    private static final int STORED_BYTES_MAX = 1024;

    /** {@link #vector()}: the instruction completes. */
    public static final int NO_FAULT = -1;

    /** As many loads may it do: a repeated instruction can go on for billions of iterations. */
    private static final int LOADS_MAX = 4096;

    /** As many bytes of what it loads are kept. */
    public static final int LOADED_BYTES_MAX = 64;

    private final Cpu cpu;
    private final CpuSave saved = new CpuSave();
    private final Decoder decoder = new Decoder();
    private final byte[] code = new byte[Decoder.BYTES_MAX];

    private final int[] start = new int[9];
    private int startEflags;
    private final int[] r = new int[9];
    private final int[] selector = new int[8];
    private int eip;
    private int eflags;

    private final int[] storedAt = new int[STORED_BYTES_MAX];
    private final int[] storedLinear = new int[STORED_BYTES_MAX];
    private final byte[] storedByte = new byte[STORED_BYTES_MAX];
    private int stored;

    /** The first bytes that it loads from the machine's memory, not of its own stores. */
    private final int[] loadedAt = new int[LOADED_BYTES_MAX];

    private final byte[] loadedByte = new byte[LOADED_BYTES_MAX];
    private int loaded;
    private int loads;

    private boolean known;
    private int vector;
    private int faultAddress;
    private boolean unfinished;
    private boolean shadowed;

    /**
     * For a CPU.
     *
     * @param cpu whose memory and other state the instructions see
     */
    public Trial(Cpu cpu) {
        this.cpu = cpu;
    }

    /** Begins at the present state of the CPU. */
    public void begin() {
        System.arraycopy(cpu.r, 0, start, 0, start.length);
        startEflags = cpu.eflags;
    }

    /** Sets a general register to begin with, e.g. {@link Cpu#EAX}. */
    public void setReg(int number, int value) {
        start[number] = value;
    }

    /** Sets EFLAGS to begin with. */
    public void setEflags(int value) {
        startEflags = (value & Flags.DEFINED & ~Flags.RF) | Flags.ALWAYS;
    }

    /**
     * Executes the instruction at an address.
     *
     * @param at its address, an offset in CS
     * @param original the byte that is there without a breakpoint
     * @param stepping whether a repeated string instruction stops after one iteration, as it does when TF is set
     */
    public void run(int at, int original, boolean stepping) {
        stored = 0;
        loaded = 0;
        loads = 0;
        eip = at;
        vector = NO_FAULT;
        unfinished = false;
        shadowed = false;
        known = false;
        Instruction instruction = decode(at, (byte) original);
        if (instruction == null) {
            return;
        }
        saved.save(cpu);
        cpu.mmu.beginTrial(this);
        try {
            known = execute(instruction, stepping);
        } catch (Outside outside) {
            known = false;
        } catch (MachineEnd end) {
            known = false;
        } finally {
            cpu.mmu.endTrial();
            saved.restore(cpu);
        }
    }

    private boolean execute(Instruction instruction, boolean stepping) {
        Cpu c = cpu;
        System.arraycopy(start, 0, c.r, 0, start.length);
        c.eflags = startEflags;
        c.observer = null;
        c.stepping = stepping;
        c.unfinished = false;
        c.gateTaken = false;
        c.halted = false;
        c.shadow = 0;
        c.limit = 1;
        c.eip = instruction.next;
        try {
            instruction.execute(c);
        } catch (Fault fault) {
            vector = fault.vector;
            faultAddress = c.cr2;
            c.eip = instruction.eip;
        }
        if (c.unfinished) {
            c.eip = instruction.eip;
        }
        take(c);
        return !c.gateTaken;
    }

    private void take(Cpu c) {
        System.arraycopy(c.r, 0, r, 0, r.length);
        System.arraycopy(c.seg.selector, 0, selector, 0, selector.length);
        eip = c.eip;
        eflags = c.eflags;
        unfinished = c.unfinished;
        shadowed = (c.shadow & Cpu.SHADOW_SS) != 0;
    }

    private @Nullable Instruction decode(int at, byte original) {
        int count = 0;
        int linear = cpu.seg.base[Cpu.CS] + at;
        while (count < code.length) {
            long physical = cpu.mmu.lookUp(linear + count);
            if (physical < 0 || !cpu.memory.isRam((int) physical)) {
                break;
            }
            code[count++] = (byte) cpu.memory.byteAt((int) physical);
        }
        code[0] = original;
        return count == 0 ? null : decoder.decode(code, count, at, cpu.isCodeBig(), cpu.flat);
    }

    // ---- for the Mmu ----

    @Override
    public void store(int linear, int physical, int size, int value) {
        if (stored + size > STORED_BYTES_MAX) {
            throw new Outside();
        }
        for (int i = 0; i < size; i++) {
            int k = find(physical + i);
            if (k < 0) {
                k = stored++;
                storedAt[k] = physical + i;
                storedLinear[k] = linear + i;
            }
            storedByte[k] = (byte) (value >>> (8 * i));
        }
    }

    /** A value loaded from memory, as the stores so far make it. */
    @Override
    public int load(int physical, int size, int inMemory) {
        if (++loads > LOADS_MAX) {
            throw new Outside();
        }
        int value = inMemory;
        for (int i = 0; i < size; i++) {
            int k = stored > 0 ? find(physical + i) : -1;
            if (k >= 0) {
                value = (value & ~(0xff << (8 * i))) | (storedByte[k] & 0xff) << (8 * i);
            } else if (loaded < LOADED_BYTES_MAX) {
                loadedAt[loaded] = physical + i;
                loadedByte[loaded++] = (byte) (inMemory >>> (8 * i));
            }
        }
        return value;
    }

    private int find(int physical) {
        for (int k = stored - 1; k >= 0; k--) {
            if (storedAt[k] == physical) {
                return k;
            }
        }
        return -1;
    }

    // ---- results ----

    /** Whether there is a result: the instruction exists, asks nothing of the outside and enters no gate. */
    public boolean isKnown() {
        return known;
    }

    /** Vector of the fault that it takes, or {@link #NO_FAULT}. */
    public int vector() {
        return vector;
    }

    /** CR2 of a page fault that it takes. */
    public int faultAddress() {
        return faultAddress;
    }

    /** Whether it is a repeated string instruction that has iterations left. */
    public boolean isUnfinished() {
        return unfinished;
    }

    /** Whether no trap can be taken right behind it: it loaded SS. */
    public boolean isShadowed() {
        return shadowed;
    }

    /** A general register that it leaves. */
    public int reg(int number) {
        return r[number];
    }

    /** EIP that it leaves. */
    public int eip() {
        return eip;
    }

    /** EFLAGS that it leaves. */
    public int eflags() {
        return eflags;
    }

    /** Selector that it leaves in a segment register ES … GS. */
    public int selector(int segment) {
        return selector[segment];
    }

    /** How many bytes of memory it stores. */
    public int storedBytes() {
        return stored;
    }

    /** Physical address of a stored byte. */
    public int storedAt(int k) {
        return storedAt[k];
    }

    /** Linear address of a stored byte. */
    public int storedLinear(int k) {
        return storedLinear[k];
    }

    /** A stored byte, 0–255. */
    public int storedByte(int k) {
        return storedByte[k] & 0xff;
    }

    /** How many bytes it loads from memory, at most {@link #LOADED_BYTES_MAX}; what it stored itself does not count. */
    public int loadedBytes() {
        return loaded;
    }

    /** Physical address of a loaded byte. */
    public int loadedAt(int k) {
        return loadedAt[k];
    }

    /** A loaded byte, 0–255. */
    public int loadedByte(int k) {
        return loadedByte[k] & 0xff;
    }

    /** What of a CPU an instruction can change, kept aside while one is tried. */
    private static final class CpuSave {
        private final int[] r = new int[9];
        private final int[][] segments = new int[4][8];
        private final int[] scalars = new int[24];
        private final boolean[] bits = new boolean[11];
        private long context;
        private @Nullable Observer observer;

        void save(Cpu c) {
            System.arraycopy(c.r, 0, r, 0, r.length);
            copy(c.seg.selector, segments[0]);
            copy(c.seg.base, segments[1]);
            copy(c.seg.limit, segments[2]);
            copy(c.seg.attributes, segments[3]);
            int[] s = scalars;
            s[0] = c.eip;
            s[1] = c.eflags;
            s[2] = c.cpl;
            s[3] = c.cr0;
            s[4] = c.cr2;
            s[5] = c.cr3;
            s[6] = c.cr4;
            s[7] = c.tables.gdtBase;
            s[8] = c.tables.gdtLimit;
            s[9] = c.tables.idtBase;
            s[10] = c.tables.idtLimit;
            s[11] = c.tables.low;
            s[12] = c.tables.high;
            s[13] = c.shadow;
            s[14] = c.limit;
            s[15] = c.taskStackPointer;
            s[16] = c.taskStackSelector;
            s[17] = c.gateSelector;
            c.debug.copyTo(s, 18);
            saveBits(c);
            context = c.context;
            observer = c.observer;
        }

        private void saveBits(Cpu c) {
            bits[0] = c.halted;
            bits[1] = c.nmiPending;
            bits[2] = c.nmiInjected;
            bits[3] = c.nmiBlocked;
            bits[4] = c.stepping;
            bits[5] = c.unfinished;
            bits[6] = c.gateTaken;
            bits[7] = c.delivering;
            bits[8] = c.attention;
            bits[9] = c.flat;
            bits[10] = c.mmu.isUser();
        }

        private static void copy(int[] from, int[] to) {
            System.arraycopy(from, 0, to, 0, to.length);
        }

        void restore(Cpu c) {
            System.arraycopy(r, 0, c.r, 0, r.length);
            copy(segments[0], c.seg.selector);
            copy(segments[1], c.seg.base);
            copy(segments[2], c.seg.limit);
            copy(segments[3], c.seg.attributes);
            int[] s = scalars;
            c.eip = s[0];
            c.eflags = s[1];
            c.cpl = s[2];
            c.cr0 = s[3];
            c.cr2 = s[4];
            c.cr3 = s[5];
            c.cr4 = s[6];
            c.tables.gdtBase = s[7];
            c.tables.gdtLimit = s[8];
            c.tables.idtBase = s[9];
            c.tables.idtLimit = s[10];
            c.tables.low = s[11];
            c.tables.high = s[12];
            c.shadow = s[13];
            c.limit = s[14];
            c.taskStackPointer = s[15];
            c.taskStackSelector = s[16];
            c.gateSelector = s[17];
            c.debug.copyFrom(s, 18);
            restoreBits(c);
            c.context = context;
            c.observer = observer;
            c.mmu.setUser(bits[10]);
        }

        private void restoreBits(Cpu c) {
            c.halted = bits[0];
            c.nmiPending = bits[1];
            c.nmiInjected = bits[2];
            c.nmiBlocked = bits[3];
            c.stepping = bits[4];
            c.unfinished = bits[5];
            c.gateTaken = bits[6];
            c.delivering = bits[7];
            c.attention = bits[8];
            c.flat = bits[9];
        }
    }
}
