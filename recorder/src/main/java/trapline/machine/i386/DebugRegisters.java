package trapline.machine.i386;

/** DR0–DR7 and the debug traps they cause (Intel SDM vol. 3B §18.2, §18.3). */
final class DebugRegisters {
    /** DR6: single-step trap. */
    static final int BS = 0x4000;
    /** DR6: access to a debug register while DR7.GD was set. */
    static final int BD = 0x2000;

    /** DR6: a task switch to a TSS with the T bit. */
    static final int BT = 0x8000;

    /** DR6: B0 to B3. */
    private static final int HITS = 0xf;

    private static final int DR6_FIXED = 0xffff_0ff0;
    private static final int DR6_WRITABLE = 0x0000_e00f;
    private static final int DR7_FIXED = 0x0000_0400;
    private static final int DR7_WRITABLE = 0xffff_23ff;
    private static final int GD = 0x2000;
    private static final int ANY_ENABLED = 0xff;
    /** L0–L3 and LE. */
    private static final int LOCAL = 0x155;

    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int IO = 2;

    private final Cpu cpu;
    private final int[] address = new int[4];
    private int dr6 = DR6_FIXED;
    private int dr7 = DR7_FIXED;
    /** DR6 bits of a trap that waits for the next boundary. */
    private int pending;

    private boolean hasCode;
    private boolean hasData;

    DebugRegisters(Cpu cpu) {
        this.cpu = cpu;
    }

    void reset() {
        java.util.Arrays.fill(address, 0);
        dr6 = DR6_FIXED;
        dr7 = DR7_FIXED;
        pending = 0;
        classify();
    }

    int read(int number) {
        if (number < 4) {
            return address[number];
        }
        return (number & 1) == 0 ? dr6 : dr7;
    }

    /** MOV to a debug register; the caller has checked CPL, GD and CR4.DE. */
    void write(int number, int value) {
        if (number < 4) {
            address[number] = value;
        } else if ((number & 1) == 0) {
            dr6 = DR6_FIXED | (value & DR6_WRITABLE);
        } else {
            dr7 = DR7_FIXED | (value & DR7_WRITABLE);
        }
        classify();
        cpu.mmu.flush();
        cpu.updateAttention();
    }

    private void classify() {
        hasCode = false;
        hasData = false;
        for (int i = 0; i < 4; i++) {
            if (isEnabled(i)) {
                hasCode |= kind(i) == EXECUTE;
                hasData |= kind(i) != EXECUTE;
            }
        }
    }

    private boolean isEnabled(int i) {
        return (dr7 >>> (2 * i) & 3) != 0;
    }

    private int kind(int i) {
        return dr7 >>> (16 + 4 * i) & 3;
    }

    private int size(int i) {
        int code = dr7 >>> (18 + 4 * i) & 3;
        return code == 0 ? 1 : code == 1 ? 2 : code == 2 ? 8 : 4;
    }

    /** Any access to a debug register raises #DB now (SDM §18.2.4, general detect). */
    boolean isGeneralDetect() {
        return (dr7 & GD) != 0;
    }

    void setGeneralDetectHit() {
        dr6 |= BD;
    }

    boolean needsAttention() {
        return hasCode || pending != 0;
    }

    boolean hasPendingTrap() {
        return pending != 0;
    }

    void addPending(int bits) {
        pending |= bits;
    }

    /** A fault discards the traps of the instruction that did not complete. */
    void dropPending() {
        pending = 0;
    }

    int pending() {
        return pending;
    }

    void setState(int[] addresses, int newDr6, int newDr7, int newPending) {
        System.arraycopy(addresses, 0, address, 0, address.length);
        dr6 = newDr6;
        dr7 = newDr7;
        pending = newPending;
        classify();
    }

    /** Writes what is held but waiting causes to six ints. */
    void copyTo(int[] to, int at) {
        System.arraycopy(address, 0, to, at, address.length);
        to[at + 4] = dr6;
        to[at + 5] = dr7;
    }

    /** Takes back what {@link #copyTo} wrote. */
    void copyFrom(int[] from, int at) {
        System.arraycopy(from, at, address, 0, address.length);
        dr6 = from[at + 4];
        dr7 = from[at + 5];
        classify();
    }

    /** Moves the waiting causes to DR6, which is sticky but for B0 to B3: software clears the others. */
    void takePending() {
        if ((pending & HITS) != 0) {
            setHits(pending & HITS);
        }
        dr6 |= pending;
        pending = 0;
    }

    /** Delivery of #DB clears DR7.GD, so that the handler can use the registers. */
    void entered() {
        dr7 &= ~GD;
    }

    /** A task switch ends what was enabled for one task (SDM vol. 3B §17.2.4). */
    void taskSwitched() {
        dr7 &= ~LOCAL;
        classify();
        cpu.mmu.flush();
    }

    /** Bits of the enabled instruction breakpoints at a linear address. */
    int codeHits(int linear) {
        if (!hasCode) {
            return 0;
        }
        int hits = 0;
        for (int i = 0; i < 4; i++) {
            if (isEnabled(i) && kind(i) == EXECUTE && address[i] == linear) {
                hits |= 1 << i;
            }
        }
        return hits;
    }

    /**
     * Reports breakpoints. Those of an earlier #DB give way: "certain debug exceptions may clear bits 0-3" (SDM vol. 3B
     * §17.2.3), and processors do so when they report new ones. A #DB without a breakpoint leaves them.
     */
    void setHits(int hits) {
        dr6 = (dr6 & ~HITS) | hits;
    }

    /** Whether accesses to a linear page must be shown to {@link #access}. */
    boolean watchesPage(int page) {
        if (!hasData || (dr7 & ANY_ENABLED) == 0) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            if (isEnabled(i) && kind(i) != EXECUTE && (address[i] & ~0xfff) == page) {
                return true;
            }
        }
        return false;
    }

    /** A data access happened; breakpoints on it become a trap after the instruction. */
    void access(int linear, int bytes, boolean write) {
        if (hasData) {
            hit(linear, bytes, write, false);
        }
    }

    /** An I/O access happened (CR4.DE). */
    void ioAccess(int port, int bytes) {
        if (hasData && (cpu.cr4 & Cpu.CR4_DE) != 0) {
            hit(port, bytes, true, true);
        }
    }

    private void hit(int from, int bytes, boolean write, boolean io) {
        for (int i = 0; i < 4; i++) {
            int kind = kind(i);
            boolean matches = io ? kind == IO : kind == WRITE ? write : kind == 3;
            int first = address[i] & -size(i);
            boolean overlaps = from - first < size(i) && first - from < bytes;
            if (isEnabled(i) && matches && overlaps) {
                pending |= 1 << i;
                cpu.updateAttention();
            }
        }
    }
}
