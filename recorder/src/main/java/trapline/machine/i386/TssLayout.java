package trapline.machine.i386;

import trapline.machine.alu.Flags;

/**
 * Where a TSS keeps the state of a task (Intel SDM vol. 3A §7.2.1, figure 7-2, and §7.6, figure 7-10). Offsets in bytes:
 *
 * <pre>
 *            link  CR3   EIP   EFLAGS  EAX … EDI  ES CS SS DS FS GS  LDT   T     limit at least
 *   32 bits  00    1c    20    24      28 … 44    48 … 5c            60    64.0  67
 *   16 bits  00    –     0e    10      12 … 20    22 24 26 28 – –    2a    –     2b
 * </pre>
 *
 * @param width of a register, in bytes
 * @param eip instruction pointer
 * @param eflags flags
 * @param registers EAX; the others follow as instructions number them
 * @param segments ES; the others follow as instructions number them
 * @param segmentCount 4: no FS and GS
 * @param ldt LDT selector
 * @param limitMin the smallest limit of a TSS
 */
record TssLayout(int width, int eip, int eflags, int registers, int segments, int segmentCount, int ldt, int limitMin) {
    static final TssLayout WIDE = new TssLayout(4, 0x20, 0x24, 0x28, 0x48, 6, 0x60, 0x67);
    static final TssLayout NARROW = new TssLayout(2, 0x0e, 0x10, 0x12, 0x22, 4, 0x2a, 0x2b);

    /** Page directory, in a TSS of 32 bits. */
    static final int CR3 = 0x1c;
    /** The byte with the T bit, in a TSS of 32 bits. */
    static final int TRAP = 0x64;

    /** Whether it has what only a TSS of 32 bits has: CR3, the T bit. */
    boolean isWide() {
        return width == 4;
    }

    /** Stores a CPU's state: what changes while a task runs. */
    void save(Cpu cpu, int base, int nextEip, int image) {
        Mmu mmu = cpu.mmu;
        mmu.writeSystem(base + eip, width, nextEip);
        mmu.writeSystem(base + eflags, width, image);
        for (int i = 0; i < 8; i++) {
            mmu.writeSystem(base + registers + i * width, width, cpu.r[i]);
        }
        for (int s = 0; s < segmentCount; s++) {
            mmu.writeSystem(base + segments + s * width, 2, cpu.seg.selector[s]);
        }
    }

    /**
     * Loads EIP, EFLAGS, general registers, and selectors into {@code selectors}. A TSS of 16 bits leaves the
     * high halves of registers undefined: they are set, as other emulators do; of EFLAGS and EIP they become 0.
     */
    void load(Cpu cpu, int base, int[] selectors) {
        Mmu mmu = cpu.mmu;
        cpu.eip = mmu.readSystem(base + eip, width);
        cpu.eflags = (mmu.readSystem(base + eflags, width) & Flags.DEFINED) | Flags.ALWAYS;
        int undefinedHalf = isWide() ? 0 : 0xffff_0000;
        for (int i = 0; i < 8; i++) {
            cpu.r[i] = mmu.readSystem(base + registers + i * width, width) | undefinedHalf;
        }
        for (int s = 0; s < selectors.length; s++) {
            selectors[s] = s < segmentCount ? mmu.readSystem(base + segments + s * width, 2) : 0;
        }
    }
}
