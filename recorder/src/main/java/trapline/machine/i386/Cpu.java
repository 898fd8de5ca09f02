package trapline.machine.i386;

import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;
import trapline.machine.bus.Bus;
import trapline.machine.bus.Clock;
import trapline.machine.bus.HiddenPages;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.PhysicalMemory;
import trapline.machine.bus.Stops;
import trapline.machine.device.LocalApic;
import trapline.machine.device.Pins;
import trapline.machine.tape.ObservedCpu;
import trapline.machine.tape.Observer;
import trapline.machine.tape.TrapRecord;
import trapline.machine.x87.X87;

/** One i386 CPU: its registers, for reading between runs and for tests to set up. */
public final class Cpu extends Registers implements ObservedCpu, Pins {
    final PhysicalMemory memory;
    final IoSpace io;
    final Clock clock;
    final HiddenPages hiddenPages;
    final Stops stops;
    final int id;
    final Segments seg = new Segments(this);
    final Descriptors tables = new Descriptors(this);
    final DebugRegisters debug = new DebugRegisters(this);
    final LocalApic apic;
    final Mmu mmu;
    final FetchContexts contexts = new FetchContexts();
    /** The trap that is being delivered. */
    final TrapRecord trap = new TrapRecord();

    final EntryFrame entryFrame = new EntryFrame();
    final TaskSwitch taskSwitch = new TaskSwitch();
    long icount;

    boolean halted;
    /** Waits for a start-up IPI. */
    boolean waitsForStartup;

    boolean nmiPending;
    boolean nmiInjected;
    boolean nmiBlocked;
    int shadow;
    /** The instruction started with TF set: REP must stop after each iteration. */
    boolean stepping;
    /** The instruction did not finish: a REP that goes on after the trap that interrupted it. */
    boolean unfinished;
    /** The instruction was a software interrupt: its gate swallowed the single-step trap. */
    boolean gateTaken;

    /** A trap frame is being pushed. */
    boolean delivering;
    /** Where the instruction started that a pending trap belongs to. */
    int eipOfTrap;
    /** EIP and instruction count at which a stop address was reported, so that going on executes it. */
    int eipOfStop;

    long icountOfStop = -1;

    /** How many traps were delivered with no instruction between them, and {@link #icount} at the last. */
    int trapsInARow;

    long icountOfTrap = -1;

    /** How many instructions of the running strip may execute; set to 0 to leave it after the current one. */
    int limit;
    /**
     * How many instructions ran since the machine's step and {@link #icount} were brought up to date; 0 outside strips, and
     * kept only while observed.
     */
    int index;
    /** EIP of the running instruction; kept only while a listener is told of each EFLAGS write. */
    int eipOfRunning;
    /** Whether the slow way of {@link Executor} must be taken at the next boundary. */
    boolean attention;

    /** High half of the key of strips that may run now, see {@link Strip#key}. */
    long context;

    boolean flat;
    /** The instruction that runs is the only one of its strip that may. */
    boolean alone;

    final X87 x87 = new X87();
    final ModelRegisters msrs = new ModelRegisters();
    /** The page-directory-pointer entries that PAE paging took when CR3 was loaded. */
    final long[] directoryPointers = new long[4];
    /** Each instruction is told to the follower. */
    boolean followed;

    @Nullable Observer observer;
    /** Results of {@link TaskState#readStack}. */
    int taskStackPointer;

    int taskStackSelector;
    /** Result of {@link FarTransfer#readGate}. */
    int gateSelector;

    private final Fault fault = new Fault();

    /**
     * A CPU after power-on; all but CPU 0 wait for INIT and SIPI.
     *
     * @param bus what it sees of the machine
     * @param id its number, and the id of its local APIC
     */
    public Cpu(Bus bus, int id) {
        this.memory = bus.memory();
        this.io = bus.io();
        this.clock = bus.clock();
        this.hiddenPages = bus.hiddenPages();
        this.stops = bus.stops();
        this.id = id;
        this.mmu = new Mmu(this);
        this.apic = new LocalApic(this, id);
        reset();
        waitsForStartup = id != 0;
    }

    /** The state after power-on or INIT (Intel SDM vol. 3A §10.1). */
    void reset() {
        java.util.Arrays.fill(r, 0);
        r[EDX] = Identification.SIGNATURE;
        eflags = Flags.ALWAYS;
        eip = 0xfff0;
        cr0 = 0x6000_0010;
        cr2 = 0;
        cr3 = 0;
        cr4 = 0;
        cpl = 0;
        for (int s = ES; s <= GS; s++) {
            seg.set(s, 0, 0, 0xffff, Segments.PRESENT | Segments.NORMAL | Segments.RW | Segments.ACCESSED);
        }
        seg.set(CS, 0xf000, 0xffff_0000, 0xffff, seg.attributes[CS]);
        seg.set(Segments.LDTR, 0, 0, 0xffff, 0x82);
        seg.set(Segments.TR, 0, 0, 0xffff, 0x8b);
        tables.gdtBase = 0;
        tables.gdtLimit = 0xffff;
        tables.idtBase = 0;
        tables.idtLimit = 0xffff;
        debug.reset();
        x87.init();
        msrs.reset();
        halted = false;
        nmiPending = false;
        nmiInjected = false;
        nmiBlocked = false;
        shadow = 0;
        mmu.setUser(false);
        pagingChanged();
    }

    // ---- for instructions ----

    /** Whether {@link #index} says which instruction of the strip runs. */
    boolean knowsTime() {
        return alone || observer != null;
    }

    Fault fault(int vector, int errorCode) {
        return fault.with(vector, errorCode);
    }

    Fault gp(int errorCode) {
        return fault.with(Fault.GP, errorCode);
    }

    Fault ud() {
        return fault.with(Fault.UD, Fault.NO_CODE);
    }

    boolean isCodeBig() {
        return (seg.attributes[CS] & Segments.BIG) != 0;
    }

    /** ESP or SP, as the stack segment says. */
    int stackPointer() {
        return seg.isStackBig() ? r[ESP] : r[ESP] & 0xffff;
    }

    void setStackPointer(int value) {
        r[ESP] = seg.isStackBig() ? value : (r[ESP] & 0xffff_0000) | (value & 0xffff);
    }

    /** Linear address of {@code offset} above the top of the stack, checked. */
    int stackLinear(int offset, int size, boolean write) {
        int sp = stackPointer() + offset;
        return seg.linear(SS, seg.isStackBig() ? sp : sp & 0xffff, size, write);
    }

    void push(int value, int size) {
        if (flat) {
            int esp = r[ESP] - size;
            mmu.write(esp, size, value);
            r[ESP] = esp;
        } else {
            mmu.write(stackLinear(-size, size, true), size, value);
            setStackPointer(stackPointer() - size);
        }
    }

    /** The value on top of the stack, with the stack pointer left alone. */
    int top(int size) {
        return peek(0, size);
    }

    /** The value {@code offset} bytes above the stack pointer. */
    int peek(int offset, int size) {
        return flat ? mmu.read(r[ESP] + offset, size) : mmu.read(stackLinear(offset, size, false), size);
    }

    void drop(int size) {
        setStackPointer(stackPointer() + size);
    }

    int pop(int size) {
        int value = peek(0, size);
        drop(size);
        return value;
    }

    void setCpl(int newCpl) {
        cpl = newCpl;
        mmu.setUser(newCpl == 3);
    }

    /** To be called after any segment register was loaded. */
    void segmentsChanged() {
        flat = seg.isFlat();
        int mode = (isCodeBig() ? 1 : 0) | (cpl == 3 ? 2 : 0) | (flat ? 4 : 0);
        context = contexts.of(seg.base[CS], seg.limit[CS], mode);
        limit = 0;
    }

    /** To be called after CR0, CR3, CR4 or the set of hidden pages changed: no old translation may be used. */
    public void pagingChanged() {
        mmu.flush();
        contexts.forget();
        segmentsChanged();
        if (observer != null) {
            observer.mappingChanged(this);
        }
    }

    /** Recomputes {@link #attention} after anything changed that a boundary looks at. */
    public void updateAttention() {
        boolean wanted = (eflags & (Flags.TF | Flags.RF)) != 0
                || shadow != 0
                || halted
                || followed
                || waitsForStartup
                || (nmiPending && !nmiBlocked)
                || ((eflags & Flags.IF) != 0 && apic.hasPending())
                || debug.needsAttention()
                || stops.requested
                || stops.leaving;
        attention = wanted;
        limit = 0;
    }

    /** Whether the CPU could execute an instruction or take an interrupt now. */
    public boolean isRunnable() {
        if (waitsForStartup) {
            return false;
        }
        return !halted
                || (nmiPending && !nmiBlocked)
                || ((eflags & Flags.IF) != 0 && apic.hasPending())
                || debug.hasPendingTrap();
    }

    // ---- for the machine and its devices ----

    /** Attaches who is told what happens; null detaches. */
    public void observe(@Nullable Observer newObserver) {
        observer = newObserver;
        followed = false;
    }

    /** Whether the follower of the observer is told of each instruction, before it is executed. */
    public void follow(boolean on) {
        if (followed != on) {
            followed = on;
            updateAttention();
        }
    }

    /** Whether an NMI has to wait for the IRET of the one before. */
    public boolean isNmiBlocked() {
        return nmiBlocked;
    }

    /** The local APIC. */
    public LocalApic apic() {
        return apic;
    }

    /** Raises an NMI that the scenario injects; it is delivered at the next boundary that allows it. */
    public void injectNmi() {
        nmiInjected = true;
        nmi();
    }

    /** Drops all translations of linear addresses, so that the next access to each walks the page tables. */
    public void flushTlb() {
        mmu.flush();
    }

    /** Marks of pages came or went; see {@link PhysicalMemory#marksFor}. */
    public void marksChanged() {
        mmu.marksChanged();
    }

    @Override
    public void nmi() {
        nmiPending = true;
        updateAttention();
    }

    @Override
    public void init() {
        reset();
        waitsForStartup = true;
        updateAttention();
    }

    /** Intel SDM vol. 3A §9.4.3: the CPU starts in real mode at {@code vector << 12}. */
    @Override
    public void startUp(int vector) {
        if (waitsForStartup) {
            waitsForStartup = false;
            halted = false;
            seg.setReal(CS, vector << 8);
            eip = 0;
            segmentsChanged();
            updateAttention();
        }
    }

    @Override
    public void attend() {
        updateAttention();
    }

    // ---- for observers ----

    @Override
    public int index() {
        return index;
    }

    @Override
    public int eipOfRunning() {
        return eipOfRunning;
    }

    @Override
    public boolean isDelivering() {
        return delivering;
    }

    @Override
    public int codeSelector() {
        return seg.selector[CS];
    }

    @Override
    public int stackTop() {
        return seg.base[SS] + stackPointer();
    }

    @Override
    public long lookUp(int linear) {
        return mmu.lookUp(linear);
    }

    @Override
    public int peek32(int linear) {
        return mmu.peek32(linear);
    }

    // ---- for everybody ----

    /** The CPU's number. */
    @Override
    public int id() {
        return id;
    }

    /** Sets EFLAGS, with no event. */
    public void setEflags(int value) {
        eflags = (value & Flags.DEFINED) | Flags.ALWAYS;
        updateAttention();
    }

    /** Selector in segment register ES … GS. */
    @Override
    public int selector(int segment) {
        return seg.selector[segment];
    }

    /** Base of segment register ES … GS. */
    public int segmentBase(int segment) {
        return seg.base[segment];
    }

    /** Debug register 0–3, 6 or 7. */
    public int dr(int number) {
        return debug.read(number);
    }

    /** Linear address of the GDT. */
    public int gdtBase() {
        return tables.gdtBase;
    }

    /** Instructions retired by this CPU. */
    public long icount() {
        return icount + index;
    }

    /** Whether the CPU waits in HLT. */
    public boolean isHalted() {
        return halted;
    }

    /** Whether the CPU has been started: true for the boot CPU, for others after INIT and SIPI. */
    public boolean isStarted() {
        return !waitsForStartup;
    }
}
