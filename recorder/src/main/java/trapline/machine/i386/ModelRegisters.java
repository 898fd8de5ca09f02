package trapline.machine.i386;

import trapline.machine.alu.Flags;

/**
 * The model-specific registers (Intel SDM vol. 4) and the fast system calls that three of them are for (vol. 2, SYSENTER,
 * SYSEXIT). An unknown register is #GP, as on hardware.
 */
final class ModelRegisters {
    /** Length of {@link #state}. */
    static final int STATE_INTS = 7;

    static final int TSC = 0x10;
    static final int APIC_BASE = 0x1b;
    static final int MICROCODE = 0x8b;
    static final int SYSENTER_CS = 0x174;
    static final int SYSENTER_ESP = 0x175;
    static final int SYSENTER_EIP = 0x176;
    static final int MISC_ENABLE = 0x1a0;
    static final int DEBUGCTL = 0x1d9;

    /** LBR and BTF. */
    private static final int DEBUGCTL_BITS = 3;

    private static final int FLAT_LIMIT = -1;
    private static final int GRANULAR = 0x8000;
    private static final int SYSTEM_DATA =
            Segments.PRESENT | Segments.NORMAL | Segments.RW | Segments.ACCESSED | Segments.BIG | GRANULAR;
    private static final int SYSTEM_CODE = SYSTEM_DATA | Segments.CODE;
    private static final int USER = 0x60;

    int sysenterCs;
    int sysenterEsp;
    int sysenterEip;
    int debugctl;
    int miscEnable = 1;
    /** What is added to the count of retired instructions. */
    long tscOffset;

    void reset() {
        sysenterCs = 0;
        sysenterEsp = 0;
        sysenterEip = 0;
        debugctl = 0;
        miscEnable = 1;
    }

    /** For snapshots; see {@link #setState}. */
    int[] state() {
        return new int[] {
            sysenterCs, sysenterEsp, sysenterEip, debugctl, miscEnable, (int) tscOffset, (int) (tscOffset >>> 32)
        };
    }

    void setState(int[] state) {
        sysenterCs = state[0];
        sysenterEsp = state[1];
        sysenterEip = state[2];
        debugctl = state[3];
        miscEnable = state[4];
        tscOffset = (state[5] & 0xffff_ffffL) | ((long) state[6] << 32);
    }

    static long timeStamp(Cpu c) {
        return c.clock.step + c.index + c.msrs.tscOffset + c.clock.skipped();
    }

    private static void requireSupervisor(Cpu c) {
        c.mmu.leaveTrial();
        if (c.cpl != 0) {
            throw c.gp(0);
        }
    }

    static void read(Cpu c) {
        requireSupervisor(c);
        ModelRegisters m = c.msrs;
        long value = switch (c.r[Cpu.ECX]) {
            case TSC -> timeStamp(c);
            case APIC_BASE -> c.apic.base();
            case MICROCODE -> 0;
            case SYSENTER_CS -> m.sysenterCs;
            case SYSENTER_ESP -> m.sysenterEsp & 0xffff_ffffL;
            case SYSENTER_EIP -> m.sysenterEip & 0xffff_ffffL;
            case MISC_ENABLE -> m.miscEnable;
            case DEBUGCTL -> m.debugctl;
            default -> throw c.gp(0);
        };
        c.r[Cpu.EAX] = (int) value;
        c.r[Cpu.EDX] = (int) (value >>> 32);
    }

    static void write(Cpu c) {
        requireSupervisor(c);
        ModelRegisters m = c.msrs;
        int low = c.r[Cpu.EAX];
        int high = c.r[Cpu.EDX];
        switch (c.r[Cpu.ECX]) {
            case TSC -> m.tscOffset += ((low & 0xffff_ffffL) | ((long) high << 32)) - timeStamp(c);
            case APIC_BASE -> {
                if (high != 0 || !c.apic.setBase(low)) {
                    throw c.gp(0);
                }
                c.updateAttention();
            }
            case MICROCODE -> {}
            case SYSENTER_CS -> m.sysenterCs = low;
            case SYSENTER_ESP -> m.sysenterEsp = low;
            case SYSENTER_EIP -> m.sysenterEip = low;
            case MISC_ENABLE -> m.miscEnable = low;
            case DEBUGCTL -> {
                if (high != 0 || (low & ~DEBUGCTL_BITS) != 0) {
                    throw c.gp(0);
                }
                m.debugctl = low;
                c.updateAttention();
            }
            default -> throw c.gp(0);
        }
    }

    static void sysenter(Cpu c) {
        c.mmu.leaveTrial();
        int selector = c.msrs.sysenterCs & 0xfffc;
        if (c.isReal() || selector == 0) {
            throw c.gp(0);
        }
        c.eflags &= ~(Flags.VM | Flags.IF | Flags.RF);
        c.setCpl(0);
        setSegments(c, selector, 0);
        c.r[Cpu.ESP] = c.msrs.sysenterEsp;
        c.eip = c.msrs.sysenterEip;
        c.updateAttention();
    }

    static void sysexit(Cpu c) {
        c.mmu.leaveTrial();
        int selector = c.msrs.sysenterCs & 0xfffc;
        if (c.isReal() || selector == 0 || c.cpl != 0) {
            throw c.gp(0);
        }
        c.setCpl(3);
        setSegments(c, (selector + 16) | 3, USER);
        c.r[Cpu.ESP] = c.r[Cpu.ECX];
        c.eip = c.r[Cpu.EDX];
    }

    private static void setSegments(Cpu c, int code, int dpl) {
        c.seg.set(Cpu.CS, code, 0, FLAT_LIMIT, SYSTEM_CODE | dpl);
        c.seg.set(Cpu.SS, code + 8, 0, FLAT_LIMIT, SYSTEM_DATA | dpl);
        c.segmentsChanged();
    }
}
