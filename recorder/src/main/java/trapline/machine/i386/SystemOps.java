package trapline.machine.i386;

import trapline.machine.alu.Flags;

/** Control and debug registers, descriptor tables, HLT, CPUID and the like (Intel SDM vol. 2; vol. 3A chapter 2). */
final class SystemOps {
    private static final int CR0_WRITABLE = 0xe005_002f;
    /** Page directory, PWT, PCD. */
    private static final int CR3_WRITABLE = 0xffff_f018;
    /** With PAE, the table of pointers needs no page of its own. */
    private static final int CR3_WRITABLE_PAE = 0xffff_fff8;

    private static final int CR4_WRITABLE =
            Cpu.CR4_TSD | Cpu.CR4_DE | Cpu.CR4_PSE | Cpu.CR4_PAE | Cpu.CR4_PGE | Cpu.CR4_OSFXSR;

    private SystemOps() {}

    private static void requireSupervisor(Cpu c) {
        if (c.cpl != 0) {
            throw c.gp(0);
        }
    }

    static void hlt(Cpu c, Operation o) {
        requireSupervisor(c);
        c.halted = true;
        c.updateAttention();
    }

    static void clts(Cpu c, Operation o) {
        requireSupervisor(c);
        c.cr0 &= ~Cpu.CR0_TS;
    }

    /** WBINVD, INVD: there are no caches. */
    static void cacheControl(Cpu c, Operation o) {
        requireSupervisor(c);
    }

    static void nop(Cpu c, Operation o) {}

    static void cpuid(Cpu c, Operation o) {
        Identification.cpuid(c);
    }

    /** Time is retired instructions. */
    static void rdtsc(Cpu c, Operation o) {
        if (c.cpl != 0 && (c.cr4 & Cpu.CR4_TSD) != 0) {
            throw c.gp(0);
        }
        c.mmu.leaveTrial();
        long now = ModelRegisters.timeStamp(c);
        c.r[Cpu.EAX] = (int) now;
        c.r[Cpu.EDX] = (int) (now >>> 32);
    }

    static void fromControl(Cpu c, Operation o) {
        requireKnown(c, o.reg);
        requireSupervisor(c);
        c.r[o.rm] = c.cr(o.reg);
    }

    private static void requireKnown(Cpu c, int number) {
        if (number == 1 || number > 4) {
            throw c.ud();
        }
    }

    static void toControl(Cpu c, Operation o) {
        requireKnown(c, o.reg);
        requireSupervisor(c);
        int value = c.r[o.rm];
        switch (o.reg) {
            case 0 -> setCr0(c, value);
            case 2 -> c.cr2 = value;
            case 3 -> {
                setCr3(c, value);
                c.pagingChanged();
            }
            default -> {
                if ((value & ~CR4_WRITABLE) != 0) {
                    throw c.gp(0);
                }
                int before = c.cr4;
                c.cr4 = value;
                loadPointers(c, () -> c.cr4 = before);
                c.pagingChanged();
            }
        }
    }

    private static void setCr0(Cpu c, int value) {
        boolean pagingWithoutProtection = (value & Cpu.CR0_PG) != 0 && (value & Cpu.CR0_PE) == 0;
        boolean writeThroughWithoutDisable = (value & 0x2000_0000) != 0 && (value & 0x4000_0000) == 0;
        if (pagingWithoutProtection || writeThroughWithoutDisable) {
            throw c.gp(0);
        }
        int before = c.cr0;
        c.cr0 = (value & CR0_WRITABLE) | Cpu.CR0_ET;
        loadPointers(c, () -> c.cr0 = before);
        c.pagingChanged();
    }

    /** A load of CR3 by an instruction or a task switch. */
    static void setCr3(Cpu c, int value) {
        int cr3 = value & ((c.cr4 & Cpu.CR4_PAE) != 0 ? CR3_WRITABLE_PAE : CR3_WRITABLE);
        c.mmu.loadPointers(cr3);
        c.cr3 = cr3;
    }

    /** Pointers that are not valid leave the register as it was. */
    private static void loadPointers(Cpu c, Runnable undo) {
        try {
            c.mmu.loadPointers(c.cr3);
        } catch (Fault fault) {
            undo.run();
            throw fault;
        }
    }

    static void lmsw(Cpu c, Operation o) {
        requireSupervisor(c);
        int value = o.read(c, 2);
        int keepPe = c.cr0 & Cpu.CR0_PE;
        setCr0(c, (c.cr0 & ~0xf) | (value & 0xf) | keepPe);
    }

    static void smsw(Cpu c, Operation o) {
        if (o.rm >= 0) {
            o.write(c, c.cr0);
        } else {
            o.write(c, 2, c.cr0);
        }
    }

    static void fromDebug(Cpu c, Operation o) {
        checkDebug(c, o.reg);
        c.r[o.rm] = c.debug.read(o.reg);
    }

    static void toDebug(Cpu c, Operation o) {
        checkDebug(c, o.reg);
        c.debug.write(o.reg, c.r[o.rm]);
    }

    private static void checkDebug(Cpu c, int number) {
        if ((number == 4 || number == 5) && (c.cr4 & Cpu.CR4_DE) != 0) {
            throw c.ud();
        }
        requireSupervisor(c);
        if (c.debug.isGeneralDetect()) {
            c.debug.setGeneralDetectHit();
            throw c.fault(Fault.DB, Fault.NO_CODE);
        }
    }

    static void invlpg(Cpu c, Operation o) {
        requireSupervisor(c);
        c.mmu.invalidate(c.seg.base[o.segment] + o.offset(c));
        c.contexts.forget();
        c.segmentsChanged();
        if (c.observer != null) {
            c.observer.mappingChanged(c);
        }
    }

    // ---- descriptor tables ----

    static void sgdt(Cpu c, Operation o) {
        storeTable(c, o, c.tables.gdtLimit, c.tables.gdtBase);
    }

    static void sidt(Cpu c, Operation o) {
        storeTable(c, o, c.tables.idtLimit, c.tables.idtBase);
    }

    private static void storeTable(Cpu c, Operation o, int limit, int base) {
        int at = o.address(c, 6, true);
        c.mmu.probeWrite(at + 2, 4);
        c.mmu.write16(at, limit);
        c.mmu.write32(at + 2, base);
    }

    static void lgdt(Cpu c, Operation o) {
        requireSupervisor(c);
        int at = o.address(c, 6, false);
        int limit = c.mmu.read16(at);
        c.tables.gdtBase = tableBase(c, o, at);
        c.tables.gdtLimit = limit;
    }

    static void lidt(Cpu c, Operation o) {
        requireSupervisor(c);
        int at = o.address(c, 6, false);
        int limit = c.mmu.read16(at);
        c.tables.idtBase = tableBase(c, o, at);
        c.tables.idtLimit = limit;
    }

    /** With a 16-bit operand only 24 bits of the base are loaded. */
    private static int tableBase(Cpu c, Operation o, int at) {
        int base = c.mmu.read32(at + 2);
        return o.size == 4 ? base : base & 0xff_ffff;
    }

    private static void requireProtected(Cpu c) {
        if (c.hasParagraphs()) {
            throw c.ud();
        }
    }

    static void lldt(Cpu c, Operation o) {
        requireProtected(c);
        requireSupervisor(c);
        c.tables.loadLdt(o.read(c, 2));
    }

    static void ltr(Cpu c, Operation o) {
        requireProtected(c);
        requireSupervisor(c);
        c.tables.loadTask(o.read(c, 2));
    }

    static void sldt(Cpu c, Operation o) {
        storeSelector(c, o, Segments.LDTR);
    }

    static void str(Cpu c, Operation o) {
        storeSelector(c, o, Segments.TR);
    }

    private static void storeSelector(Cpu c, Operation o, int which) {
        requireProtected(c);
        if (o.rm >= 0) {
            o.write(c, c.seg.selector[which]);
        } else {
            o.write(c, 2, c.seg.selector[which]);
        }
    }

    static void verr(Cpu c, Operation o) {
        requireProtected(c);
        setZero(c, isAccessible(c, o.read(c, 2)) && Segments.isReadable(c.tables.attributes()));
    }

    static void verw(Cpu c, Operation o) {
        requireProtected(c);
        setZero(c, isAccessible(c, o.read(c, 2)) && Segments.isWritableData(c.tables.attributes()));
    }

    static void lar(Cpu c, Operation o) {
        requireProtected(c);
        boolean valid = isVisible(c, o.read(c, 2), 0b0001_0000_0011_1110 | 0b1010_0000_0000);
        if (valid) {
            o.setRegister(c, c.tables.high & 0x00ff_ff00);
        }
        setZero(c, valid);
    }

    static void lsl(Cpu c, Operation o) {
        requireProtected(c);
        boolean valid = isVisible(c, o.read(c, 2), 0b1010_0000_1110);
        if (valid) {
            o.setRegister(c, Segments.limitOf(c.tables.low, c.tables.high));
        }
        setZero(c, valid);
    }

    private static void setZero(Cpu c, boolean value) {
        c.eflags = (c.eflags & ~Flags.ZF) | (value ? Flags.ZF : 0);
    }

    private static boolean isAccessible(Cpu c, int selector) {
        return isVisible(c, selector, 0);
    }

    /** Whether a selector names a normal segment, or a system descriptor of one of {@code systemTypes}, that CPL may see. */
    private static boolean isVisible(Cpu c, int selector, int systemTypes) {
        if (Descriptors.isNull(selector) || !c.tables.read(selector)) {
            return false;
        }
        int attr = c.tables.attributes();
        if ((attr & Segments.NORMAL) == 0 && (systemTypes >>> (attr & Segments.TYPE) & 1) == 0) {
            return false;
        }
        int dpl = Segments.dplOf(attr);
        return Segments.isConformingCode(attr) || (dpl >= c.cpl && dpl >= (selector & 3));
    }

    static void arpl(Cpu c, Operation o) {
        requireProtected(c);
        int destination = o.read(c, 2);
        int rpl = c.reg(o.reg, 2) & 3;
        boolean raise = (destination & 3) < rpl;
        if (raise) {
            o.write(c, 2, (destination & ~3) | rpl);
        }
        setZero(c, raise);
    }

    // ---- ports ----

    static void inImmediate(Cpu c, Operation o) {
        in(c, o, o.immediate);
    }

    static void inDx(Cpu c, Operation o) {
        in(c, o, c.reg(Cpu.EDX, 2));
    }

    private static void in(Cpu c, Operation o, int port) {
        TaskState.checkIo(c, port, o.size);
        c.setReg(Cpu.EAX, o.size, readPort(c, port, o.size));
    }

    static void outImmediate(Cpu c, Operation o) {
        out(c, o, o.immediate);
    }

    static void outDx(Cpu c, Operation o) {
        out(c, o, c.reg(Cpu.EDX, 2));
    }

    private static void out(Cpu c, Operation o, int port) {
        TaskState.checkIo(c, port, o.size);
        writePort(c, port, o.size, c.reg(Cpu.EAX, o.size));
    }

    static int readPort(Cpu c, int port, int size) {
        c.mmu.leaveTrial();
        c.debug.ioAccess(port, size);
        return c.io.in(port, size);
    }

    static void writePort(Cpu c, int port, int size, int value) {
        c.mmu.leaveTrial();
        c.debug.ioAccess(port, size);
        c.io.out(port, size, value);
    }
}
