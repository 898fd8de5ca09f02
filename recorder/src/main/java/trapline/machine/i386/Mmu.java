package trapline.machine.i386;

import static trapline.machine.bus.PhysicalMemory.INT;
import static trapline.machine.bus.PhysicalMemory.SHORT;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;
import trapline.machine.bus.PageMarks;
import trapline.machine.bus.PhysicalMemory;
import trapline.machine.device.LocalApic;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;

/**
 * Linear addresses to memory: the {@linkplain PageTables page tables} behind a software TLB, and the byte, word and
 * dword accesses that instructions use.
 *
 * <p>A TLB entry is three ints: the tag for reads, the tag for writes, and what to add to a linear address to get an index
 * into RAM. A tag is the linear page with {@link #INVALID} or {@link #MARKED} in its low bits; comparing it with the page
 * and alignment bits of an address lets only aligned accesses to plain RAM through, the rest takes the slow path.
 */
final class Mmu {
    private static final int ENTRIES = 256;
    private static final int STRIDE = 4;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int ADDEND = 2;
    private static final int INDEX_MASK = (ENTRIES - 1) * STRIDE;
    /** No translation. Bit 2 is never set in the comparison value. */
    private static final int INVALID = 4;
    /** Translated, but the page has marks: look at them before accessing. */
    private static final int MARKED = 8;
    /** Translated, but a data breakpoint is on the page. */
    private static final int WATCHED = 16;

    private static final int NOT_PLAIN = MARKED | WATCHED;

    private static final int PAGE = 0xffff_f000;

    private final Cpu cpu;
    private final PhysicalMemory memory;
    private final byte[] ram;
    private final PageTables tables;
    private final int[] supervisorTlb = new int[ENTRIES * STRIDE];
    private final int[] userTlb = new int[ENTRIES * STRIDE];
    /** Of instruction fetches; apart, since observation makes strips shorter and looks them up more often. */
    private final int[] supervisorFetchTlb = new int[ENTRIES * STRIDE];

    private final int[] userFetchTlb = new int[ENTRIES * STRIDE];
    private int[] tlb = supervisorTlb;
    private boolean user;

    /** Of a trial, whose accesses all take the slow path. */
    private static final int[] NO_TLB = new int[ENTRIES * STRIDE];

    static {
        Arrays.fill(NO_TLB, INVALID);
    }

    /** Takes the stores while an instruction is tried. */
    private @Nullable Overlay trial;

    Mmu(Cpu cpu) {
        this.cpu = cpu;
        this.memory = cpu.memory;
        this.tables = new PageTables(cpu);
        this.ram = memory.ram();
        flush();
    }

    void setUser(boolean nowUser) {
        user = nowUser;
        tlb = trial != null ? NO_TLB : nowUser ? userTlb : supervisorTlb;
    }

    /** From now on nothing is changed: stores go to the trial. */
    void beginTrial(Overlay by) {
        trial = by;
        setUser(user);
    }

    void endTrial() {
        trial = null;
        setUser(user);
    }

    boolean isOnTrial() {
        return trial != null;
    }

    /** To be called before anything that a trial cannot do. */
    void leaveTrial() {
        if (trial != null) {
            throw new Overlay.Outside();
        }
    }

    void flush() {
        if (trial != null) {
            return;
        }
        Arrays.fill(supervisorTlb, INVALID);
        Arrays.fill(userTlb, INVALID);
        Arrays.fill(supervisorFetchTlb, INVALID);
        Arrays.fill(userFetchTlb, INVALID);
    }

    /** Marks of pages came or went. What is translated stays so: a guest that forgets INVLPG must not see a difference. */
    void marksChanged() {
        for (int[] t : new int[][] {supervisorTlb, userTlb}) {
            for (int k = 0; k < t.length; k += STRIDE) {
                t[k] = tag(t[k], t[k + ADDEND], false);
                t[k + WRITE] = tag(t[k + WRITE], t[k + ADDEND], true);
            }
        }
    }

    private int tag(int old, int addend, boolean write) {
        int page = old & PAGE;
        return (old & INVALID) != 0 ? INVALID : page | (old & WATCHED) | mark(page + addend, write);
    }

    /** What of a tag says whether an access has to look at the marks of its page. */
    private int mark(int frame, boolean write) {
        PageMarks marks = memory.marksAt(frame);
        return marks != null && (write || marks.hasText()) ? MARKED : 0;
    }

    // ---- accesses of the running program ----

    int read8(int lin) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if (t[k] == (lin & PAGE)) {
            return ram[lin + t[k + ADDEND]] & 0xff;
        }
        return readSlow(lin, 1);
    }

    int read16(int lin) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if (t[k] == (lin & (PAGE | 1))) {
            return (short) SHORT.get(ram, lin + t[k + ADDEND]) & 0xffff;
        }
        return readSlow(lin, 2);
    }

    int read32(int lin) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if (t[k] == (lin & (PAGE | 3))) {
            return (int) INT.get(ram, lin + t[k + ADDEND]);
        }
        return readSlow(lin, 4);
    }

    void write8(int lin, int value) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if (t[k + WRITE] == (lin & PAGE)) {
            ram[lin + t[k + ADDEND]] = (byte) value;
            return;
        }
        if (t[k + WRITE] == ((lin & PAGE) | MARKED) && memory.isPlainDword(lin + t[k + ADDEND])) {
            ram[lin + t[k + ADDEND]] = (byte) value;
            return;
        }
        writeSlow(lin, 1, value);
    }

    void write16(int lin, int value) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if (t[k + WRITE] == (lin & (PAGE | 1))) {
            SHORT.set(ram, lin + t[k + ADDEND], (short) value);
            return;
        }
        writeSlow(lin, 2, value);
    }

    void write32(int lin, int value) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        int tag = t[k + WRITE];
        if ((tag & ~MARKED) == (lin & (PAGE | 3))) {
            int physical = lin + t[k + ADDEND];
            if (tag == (lin & PAGE) || memory.isPlainDword(physical)) {
                INT.set(ram, physical, value);
                return;
            }
        }
        writeSlow32(lin, value);
    }

    /** Reads what will be written back: page faults are reported as those of a write, as on hardware. */
    int readForWrite32(int lin) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        if ((t[k + WRITE] & ~MARKED) == (lin & (PAGE | 3)) && t[k] == (lin & PAGE)) {
            return (int) INT.get(ram, lin + t[k + ADDEND]);
        }
        probeWrite(lin, 4);
        return read32(lin);
    }

    int read(int lin, int size) {
        return size == 4 ? read32(lin) : size == 2 ? read16(lin) : read8(lin);
    }

    void write(int lin, int size, int value) {
        if (size == 4) {
            write32(lin, value);
        } else if (size == 2) {
            write16(lin, value);
        } else {
            write8(lin, value);
        }
    }

    int readForWrite(int lin, int size) {
        probeWrite(lin, size);
        return read(lin, size);
    }

    /** Faults now if a store of {@code size} bytes would. */
    void probeWrite(int lin, int size) {
        if (tlb[((lin >>> 10) & INDEX_MASK) + WRITE] == (lin & (PAGE | (size - 1)))) {
            return;
        }
        translate(lin, true, user);
        if (crosses(lin, size)) {
            translate((lin + size - 1) & PAGE, true, user);
        }
        checkAlignment(lin, size);
    }

    /** Whether {@code bytes} from {@code lin} lie in one page of plain RAM that can be written without a second look. */
    boolean isPlain(int lin, int bytes, boolean write) {
        return tlb[((lin >>> 10) & INDEX_MASK) + (write ? WRITE : READ)] == (lin & PAGE)
                && !crosses(lin, bytes)
                && !isAlignmentChecked();
    }

    /** The index into RAM of an address for which {@link #isPlain} holds. */
    int plainIndex(int lin) {
        return lin + tlb[((lin >>> 10) & INDEX_MASK) + ADDEND];
    }

    // ---- accesses of the processor itself, always as supervisor (descriptor tables, TSS) ----

    int readSystem(int lin, int size) {
        boolean was = user;
        setUser(false);
        try {
            return read(lin, size);
        } finally {
            setUser(was);
        }
    }

    void writeSystem(int lin, int size, int value) {
        boolean was = user;
        setUser(false);
        try {
            write(lin, size, value);
        } finally {
            setUser(was);
        }
    }

    /** Faults now if a store of the processor itself to any of these bytes would. */
    void probeSystem(int lin, int bytes) {
        translate(lin, true, false);
        if (crosses(lin, bytes)) {
            translate((lin + bytes - 1) & PAGE, true, false);
        }
    }

    boolean isUser() {
        return user;
    }

    // ---- slow path ----

    private static boolean crosses(int lin, int size) {
        return ((lin ^ (lin + size - 1)) & PAGE) != 0;
    }

    private boolean isAlignmentChecked() {
        return user && (cpu.eflags & Flags.AC) != 0 && (cpu.cr0 & Cpu.CR0_AM) != 0;
    }

    /** #AC (SDM vol. 3A §6.15); misaligned accesses never take the fast path, so they all come by here. */
    private void checkAlignment(int lin, int size) {
        if ((lin & (size - 1)) != 0 && isAlignmentChecked()) {
            throw cpu.fault(Fault.AC, 0);
        }
    }

    private int readSlow(int lin, int size) {
        int value;
        if (crosses(lin, size)) {
            translate(lin, false, user);
            translate((lin + size - 1) & PAGE, false, user);
            checkAlignment(lin, size);
            value = 0;
            for (int i = 0; i < size; i++) {
                value |= loadObserved(translate(lin + i, false, user), 1) << (8 * i);
            }
        } else {
            int physical = translate(lin, false, user);
            checkAlignment(lin, size);
            value = loadObserved(physical, size);
        }
        if (trial == null) {
            cpu.debug.access(lin, size, false);
        }
        return value;
    }

    /** Most of the stores that need a second look are to variables. */
    private void writeSlow32(int lin, int value) {
        int[] t = tlb;
        int k = (lin >>> 10) & INDEX_MASK;
        Observer observer = cpu.observer;
        if (observer != null && t[k + WRITE] == ((lin & (PAGE | 3)) | MARKED)) {
            int physical = lin + t[k + ADDEND];
            if (memory.isVariableDword(physical)) {
                INT.set(ram, physical, value);
                observer.afterStoreToVariables(cpu, physical, value);
                return;
            }
        }
        writeSlow(lin, 4, value);
    }

    private void writeSlow(int lin, int size, int value) {
        if (crosses(lin, size)) {
            int first = translate(lin, true, user);
            int second = translate((lin + size - 1) & PAGE, true, user);
            checkAlignment(lin, size);
            int inFirst = PageMarks.PAGE_BYTES - (lin & ~PAGE);
            for (int i = 0; i < size; i++) {
                int physical = i < inFirst ? first + i : second + i - inFirst;
                store(lin + i, physical, 1, value >>> (8 * i));
            }
        } else {
            int physical = translate(lin, true, user);
            checkAlignment(lin, size);
            store(lin, physical, size, value);
        }
        if (trial == null) {
            cpu.debug.access(lin, size, true);
        }
    }

    /** A load within one page; observed text is told of it. */
    private int loadObserved(int physical, int size) {
        int value = load(physical, size);
        Observer observer = cpu.observer;
        if (observer != null && memory.isRam(physical)) {
            observer.afterRead(cpu, physical, size, value);
        }
        return value;
    }

    /** A register that tells or takes time is accessed by an instruction that runs alone: else the time is not known. */
    private void requireTime(int physical) {
        if (LocalApic.isTimed(physical) && !cpu.knowsTime()) {
            throw cpu.fault(Fault.ALONE, Fault.NO_CODE);
        }
    }

    private int load(int physical, int size) {
        if (!memory.isRam(physical) && cpu.apic.isAt(physical)) {
            leaveTrial();
            requireTime(physical);
            return cpu.apic.read(physical, size);
        }
        int value = memory.load(physical, size);
        return trial == null ? value : trial.load(physical, size, value);
    }

    /** A store within one page, with everything that has to look at it. */
    private void store(int lin, int physical, int size, int value) {
        if (trial != null) {
            storeOnTrial(trial, lin, physical, size, value);
            return;
        }
        if (!memory.isRam(physical)) {
            if (cpu.apic.isAt(physical)) {
                requireTime(physical);
                cpu.apic.write(physical, size, value);
            } else {
                memory.storeOutside(physical, size, value);
            }
            return;
        }
        PageMarks marks = memory.marksAt(physical);
        if (marks == null || !marks.storeMatters(physical & 0xfff, size)) {
            memory.store(physical, size, value);
            return;
        }
        int old = memory.load(physical, size);
        memory.store(physical, size, value);
        Observer observer = cpu.observer;
        if (observer != null) {
            observer.afterStore(cpu, lin, physical, size, old, MachineListener.BY_GUEST);
        }
    }

    private void storeOnTrial(Overlay to, int lin, int physical, int size, int value) {
        if (!memory.isRam(physical)) {
            leaveTrial();
        }
        to.store(lin, physical, size, value);
    }

    /** Physical address of {@code lin}, from the TLB or the page tables; raises #PF. */
    private int translate(int lin, boolean write, boolean asUser) {
        return translate(asUser ? userTlb : supervisorTlb, lin, write, asUser);
    }

    private int translate(int[] t, int lin, boolean write, boolean asUser) {
        int k = (lin >>> 10) & INDEX_MASK;
        int tag = t[k + (write ? WRITE : READ)];
        if ((tag & ~NOT_PLAIN) == (lin & PAGE)) {
            return lin + t[k + ADDEND];
        }
        int physical = tables.walk(lin, write, asUser, trial != null);
        if (memory.isRam(physical) && trial == null) {
            fill(t, k, lin & PAGE, physical & PAGE, write);
        }
        return physical;
    }

    private void fill(int[] t, int k, int page, int frame, boolean write) {
        if ((t[k] & ~NOT_PLAIN) != page) {
            t[k] = INVALID;
        }
        if ((t[k + WRITE] & ~NOT_PLAIN) != page) {
            t[k + WRITE] = INVALID;
        }
        t[k + ADDEND] = frame - page;
        int watched = cpu.debug.watchesPage(page) ? WATCHED : 0;
        if (write) {
            memory.setDirty(frame);
            t[k + WRITE] = page | mark(frame, true) | watched;
        } else {
            t[k] = page | mark(frame, false) | watched;
        }
    }

    /** Physical address for fetching instructions; raises #PF. */
    int translateFetch(int lin) {
        return translate(user ? userFetchTlb : supervisorFetchTlb, lin, false, user);
    }

    /** Drops the translations of one page (INVLPG); a large page has many entries here. */
    void invalidate(int lin) {
        if (trial != null) {
            return;
        }
        if ((cpu.cr4 & (Cpu.CR4_PSE | Cpu.CR4_PAE)) != 0) {
            flush();
            return;
        }
        int k = (lin >>> 10) & INDEX_MASK;
        for (int[] t : new int[][] {supervisorTlb, userTlb, supervisorFetchTlb, userFetchTlb}) {
            t[k] = INVALID;
            t[k + WRITE] = INVALID;
        }
    }

    /** Physical address with no fault, accessed bit or TLB change, or -1; for debuggers and observation. */
    long lookUp(int lin) {
        return tables.lookUp(lin);
    }

    /** Takes the pointers of PAE paging that {@code cr3} leads to; raises #GP. */
    void loadPointers(int cr3) {
        tables.loadPointers(cr3);
    }

    /** The dword at a linear address, with no event; bytes that are not mapped are 0. */
    int peek32(int lin) {
        if (tlb[(lin >>> 10) & INDEX_MASK] == (lin & (PAGE | 3))) {
            return read32(lin);
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            long physical = lookUp(lin + i);
            value |= physical < 0 ? 0 : memory.byteAt((int) physical) << (8 * i);
        }
        return value;
    }
}
