package trapline.machine.i386;

import trapline.machine.bus.PhysicalMemory;

/**
 * The page tables in memory (Intel SDM vol. 3A §4.3, §4.4, §4.6–4.8): two levels of four-byte entries, or with CR4.PAE three
 * of eight bytes, whose topmost the CPU holds itself.
 *
 * <pre>
 *   CR3 ─► 1024 entries ─► 1024 entries ─► 4 KiB                          a large page: 4 MiB, with CR4.PSE
 *   CR3 ─► 4 pointers, held ─► 512 entries ─► 512 entries ─► 4 KiB        2 MiB, with CR4.PAE
 * </pre>
 */
final class PageTables {
    private static final int PAGE = 0xffff_f000;
    private static final int PRESENT = 1;
    private static final int WRITABLE = 2;
    private static final int USER = 4;
    private static final int RESERVED = 8;
    private static final int ACCESSED = 0x20;
    private static final int DIRTY = 0x40;
    private static final int LARGE = 0x80;

    /** Physical addresses have 36 bits, and nothing forbids to execute. */
    private static final int HIGH_RESERVED = 0xffff_fff0;
    /** Of a pointer to a directory. */
    private static final long POINTER_RESERVED = 0xffff_fff0_0000_01e6L;

    /** Stands for all of the addresses above 4 GiB: no RAM and no device is there. */
    private static final int NOWHERE = 0xe000_0000;

    private final Cpu cpu;
    private final PhysicalMemory memory;

    PageTables(Cpu cpu) {
        this.cpu = cpu;
        this.memory = cpu.memory;
    }

    private boolean isPaging() {
        return (cpu.cr0 & Cpu.CR0_PG) != 0;
    }

    private boolean isPae() {
        return (cpu.cr4 & Cpu.CR4_PAE) != 0;
    }

    /**
     * Takes the four pointers, as loads of CR0, CR3 and CR4 do (SDM vol. 3A §4.4.1).
     *
     * @param cr3 from which they are
     * @throws Fault #GP if one has reserved bits; none is taken then
     */
    void loadPointers(int cr3) {
        if (!isPaging() || !isPae()) {
            return;
        }
        cpu.mmu.leaveTrial();
        long[] loaded = new long[cpu.directoryPointers.length];
        for (int i = 0; i < loaded.length; i++) {
            int at = (cr3 & 0xffff_ffe0) + 8 * i;
            loaded[i] = (memory.dword(at) & 0xffff_ffffL) | (long) memory.dword(at + 4) << 32;
            if ((loaded[i] & PRESENT) != 0 && (loaded[i] & POINTER_RESERVED) != 0) {
                throw cpu.gp(0);
            }
        }
        System.arraycopy(loaded, 0, cpu.directoryPointers, 0, loaded.length);
    }

    /**
     * Physical address of a linear one.
     *
     * @param onTrial whether nothing may be changed by it
     * @throws Fault #PF
     */
    int walk(int lin, boolean write, boolean asUser, boolean onTrial) {
        if (cpu.hiddenPages.isHidden(lin)) {
            throw pageFault(lin, 0, write, asUser, onTrial || cpu.hiddenPages.count(lin));
        }
        if (!isPaging()) {
            return lin;
        }
        return isPae() ? walkPae(lin, write, asUser, onTrial) : walkTwoLevels(lin, write, asUser, onTrial);
    }

    private int walkTwoLevels(int lin, boolean write, boolean asUser, boolean onTrial) {
        int pdeAt = (cpu.cr3 & PAGE) + ((lin >>> 22) << 2);
        int pde = memory.dword(pdeAt);
        requirePresent(lin, pde, write, asUser);
        if ((pde & LARGE) != 0 && (cpu.cr4 & Cpu.CR4_PSE) != 0) {
            check(lin, pde, write, asUser);
            setBits(pdeAt, pde, write ? ACCESSED | DIRTY : ACCESSED, onTrial);
            return (pde & 0xffc0_0000) | (lin & 0x3f_ffff);
        }
        int pteAt = (pde & PAGE) + ((lin >>> 10) & 0xffc);
        int pte = memory.dword(pteAt);
        requirePresent(lin, pte, write, asUser);
        check(lin, pde & pte, write, asUser);
        setBits(pdeAt, pde, ACCESSED, onTrial);
        setBits(pteAt, pte, write ? ACCESSED | DIRTY : ACCESSED, onTrial);
        return (pte & PAGE) | (lin & ~PAGE);
    }

    private int walkPae(int lin, boolean write, boolean asUser, boolean onTrial) {
        long pointer = cpu.directoryPointers[lin >>> 30];
        requirePresent(lin, (int) pointer, write, asUser);
        int pdeAt = ((int) pointer & PAGE) + ((lin >>> 18) & 0xff8);
        int pde = memory.dword(pdeAt);
        int pdeHigh = memory.dword(pdeAt + 4);
        requirePresent(lin, pde, write, asUser);
        requireHigh(lin, pdeHigh, write, asUser);
        if ((pde & LARGE) != 0) {
            check(lin, pde, write, asUser);
            setBits(pdeAt, pde, write ? ACCESSED | DIRTY : ACCESSED, onTrial);
            return pdeHigh != 0 ? NOWHERE : (pde & 0xffe0_0000) | (lin & 0x1f_ffff);
        }
        int pteAt = (pde & PAGE) + ((lin >>> 9) & 0xff8);
        int pte = memory.dword(pteAt);
        int pteHigh = memory.dword(pteAt + 4);
        requirePresent(lin, pte, write, asUser);
        requireHigh(lin, pteHigh, write, asUser);
        check(lin, pde & pte, write, asUser);
        setBits(pdeAt, pde, ACCESSED, onTrial);
        setBits(pteAt, pte, write ? ACCESSED | DIRTY : ACCESSED, onTrial);
        return pteHigh != 0 ? NOWHERE : (pte & PAGE) | (lin & ~PAGE);
    }

    private void requirePresent(int lin, int entry, boolean write, boolean asUser) {
        if ((entry & PRESENT) == 0) {
            throw pageFault(lin, 0, write, asUser, false);
        }
    }

    private void requireHigh(int lin, int high, boolean write, boolean asUser) {
        if ((high & HIGH_RESERVED) != 0) {
            throw pageFault(lin, PRESENT | RESERVED, write, asUser, false);
        }
    }

    private void check(int lin, int rights, boolean write, boolean asUser) {
        boolean readOnly = (rights & WRITABLE) == 0 && (asUser || (cpu.cr0 & Cpu.CR0_WP) != 0);
        if ((asUser && (rights & USER) == 0) || (write && readOnly)) {
            throw pageFault(lin, PRESENT, write, asUser, false);
        }
    }

    private void setBits(int at, int entry, int bits, boolean onTrial) {
        if ((entry & bits) != bits && !onTrial) {
            memory.store(at, 4, entry | bits);
        }
    }

    private Fault pageFault(int lin, int why, boolean write, boolean asUser, boolean injected) {
        cpu.cr2 = lin;
        Fault fault = cpu.fault(Fault.PF, why | (write ? WRITABLE : 0) | (asUser ? USER : 0));
        fault.injected = injected;
        return fault;
    }

    /** Physical address with no fault and no accessed bit, or -1. */
    long lookUp(int lin) {
        if (!isPaging()) {
            return lin & 0xffff_ffffL;
        }
        return isPae() ? lookUpPae(lin) : lookUpTwoLevels(lin);
    }

    private long lookUpTwoLevels(int lin) {
        int pde = memory.dword((cpu.cr3 & PAGE) + ((lin >>> 22) << 2));
        if ((pde & PRESENT) == 0) {
            return -1;
        }
        if ((pde & LARGE) != 0 && (cpu.cr4 & Cpu.CR4_PSE) != 0) {
            return ((pde & 0xffc0_0000) | (lin & 0x3f_ffff)) & 0xffff_ffffL;
        }
        int pte = memory.dword((pde & PAGE) + ((lin >>> 10) & 0xffc));
        return (pte & PRESENT) == 0 ? -1 : ((pte & PAGE) | (lin & ~PAGE)) & 0xffff_ffffL;
    }

    private long lookUpPae(int lin) {
        int pointer = (int) cpu.directoryPointers[lin >>> 30];
        int pdeAt = (pointer & PAGE) + ((lin >>> 18) & 0xff8);
        int pde = (pointer & PRESENT) == 0 || memory.dword(pdeAt + 4) != 0 ? 0 : memory.dword(pdeAt);
        if ((pde & PRESENT) == 0) {
            return -1;
        }
        if ((pde & LARGE) != 0) {
            return ((pde & 0xffe0_0000) | (lin & 0x1f_ffff)) & 0xffff_ffffL;
        }
        int pteAt = (pde & PAGE) + ((lin >>> 9) & 0xff8);
        int pte = memory.dword(pteAt + 4) != 0 ? 0 : memory.dword(pteAt);
        return (pte & PRESENT) == 0 ? -1 : ((pte & PAGE) | (lin & ~PAGE)) & 0xffff_ffffL;
    }
}
