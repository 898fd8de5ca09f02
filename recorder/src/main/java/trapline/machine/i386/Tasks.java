package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;

/**
 * Task switches: JMP and CALL to a TSS or task gate, traps through a task gate, IRET with NT (Intel SDM vol. 3A §7.3). TSSs
 * of 32 and of 16 bits; their layouts are in {@link TssLayout}.
 *
 * <p>What can fault because of the old task is checked and touched first. Then the switch is done, and faults of loading
 * the new task's segments belong to the new task: they are delivered at its first instruction.
 */
final class Tasks {
    private static final int TASK_GATE = 5;
    private static final int BUSY = 2;
    private static final int WIDE = 8;
    private static final int AVAILABLE_16 = 1;
    private static final int AVAILABLE_32 = 9;

    /** Who asks for a switch: what happens to busy bits, NT and the link depends on it (SDM vol. 3A table 7-2). */
    private enum Source {
        JUMP,
        CALL,
        TRAP,
        RETURN
    }

    private Tasks() {}

    /** Whether a descriptor is a task gate or an available TSS. */
    static boolean isTask(int attributes) {
        int type = attributes & (Segments.TYPE | Segments.NORMAL);
        return type == TASK_GATE || type == AVAILABLE_16 || type == AVAILABLE_32;
    }

    /** JMP to a task gate or TSS whose descriptor was read last. */
    static void jump(Cpu cpu, int selector, int attributes, int from, int next) {
        far(cpu, selector, attributes, Source.JUMP, from, next);
    }

    /** CALL to a task gate or TSS whose descriptor was read last. */
    static void call(Cpu cpu, int selector, int attributes, int from, int next) {
        far(cpu, selector, attributes, Source.CALL, from, next);
    }

    private static void far(Cpu cpu, int selector, int attributes, Source source, int from, int next) {
        int code = selector & 0xfffc;
        int dpl = Segments.dplOf(attributes);
        if (dpl < cpu.cpl || dpl < (selector & 3)) {
            throw cpu.gp(code);
        }
        int task = selector;
        if ((attributes & (Segments.TYPE | Segments.NORMAL)) == TASK_GATE) {
            if ((attributes & Segments.PRESENT) == 0) {
                throw cpu.fault(Fault.NP, code);
            }
            task = cpu.tables.low >>> 16;
        }
        readTss(cpu, task, 0, Fault.GP, 0);
        int before = cpu.eflags;
        switchTo(cpu, task, source, before, next, 0);
        Observer observer = cpu.observer;
        if (observer != null) {
            observer.eflagsWrite(cpu, from, before, cpu.eflags, MachineListener.CAUSE_GATE);
        }
        deliverLate(cpu);
    }

    /** A trap through a task gate; {@code image} is EFLAGS as the old task is to find it. Faults are the delivery's. */
    static void enterFromTrap(Cpu cpu, int selector, int image, int external) {
        readTss(cpu, selector, 0, Fault.GP, external);
        switchTo(cpu, selector, Source.TRAP, image, cpu.eip, external);
        if (cpu.taskSwitch.lateVector != TaskSwitch.NO_FAULT) {
            int vector = cpu.taskSwitch.lateVector;
            cpu.taskSwitch.lateVector = TaskSwitch.NO_FAULT;
            throw cpu.fault(vector, cpu.taskSwitch.lateCode);
        }
    }

    /** IRET with NT. {@link #deliverLate} has to follow when it has been reported. */
    static void returnFromTask(Cpu cpu, int next) {
        int selector = cpu.mmu.readSystem(cpu.seg.base[Segments.TR], 2);
        readTss(cpu, selector, BUSY, Fault.TS, 0);
        switchTo(cpu, selector, Source.RETURN, cpu.eflags & ~Flags.NT, next, 0);
        cpu.taskSwitch.frameAt = cpu.seg.base[Segments.TR] + layout(cpu).eip();
    }

    /** Delivers the fault of the new task that a switch by an instruction left. */
    static void deliverLate(Cpu cpu) {
        cpu.updateAttention();
        if (cpu.taskSwitch.lateVector != TaskSwitch.NO_FAULT) {
            int vector = cpu.taskSwitch.lateVector;
            cpu.taskSwitch.lateVector = TaskSwitch.NO_FAULT;
            cpu.gateTaken = true;
            Traps.fault(cpu, cpu.fault(vector, cpu.taskSwitch.lateCode));
        }
    }

    /** Whether the current task's TSS is one of 32 bits. */
    static boolean isWide(Cpu cpu) {
        return (cpu.seg.attributes[Segments.TR] & WIDE) != 0;
    }

    private static TssLayout layout(Cpu cpu) {
        return isWide(cpu) ? TssLayout.WIDE : TssLayout.NARROW;
    }

    /** Leaves the descriptor of a TSS in the tables' scratch; raises {@code vector} if it is none, or busy as not wanted. */
    private static void readTss(Cpu cpu, int selector, int busy, int vector, int external) {
        int code = (selector & 0xfffc) | external;
        if ((selector & 4) != 0 || !cpu.tables.read(selector)) {
            throw cpu.fault(vector, code);
        }
        int attributes = cpu.tables.attributes();
        int type = attributes & (Segments.TYPE | Segments.NORMAL);
        if ((type & ~WIDE) != (AVAILABLE_16 | busy)) {
            throw cpu.fault(vector, code);
        }
        if ((attributes & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
    }

    /** Switches to the TSS whose descriptor was read last. */
    private static void switchTo(Cpu cpu, int selector, Source source, int image, int eip, int external) {
        Segments seg = cpu.seg;
        int low = cpu.tables.low;
        int high = cpu.tables.high;
        int base = Segments.baseOf(low, high);
        int attributes = Segments.attributesOf(high);
        TssLayout to = (attributes & WIDE) != 0 ? TssLayout.WIDE : TssLayout.NARROW;
        TssLayout from = layout(cpu);
        requireSize(cpu, to, Segments.limitOf(low, high), selector, external);
        requireSize(cpu, from, seg.limit[Segments.TR], seg.selector[Segments.TR], external);
        int oldSelector = seg.selector[Segments.TR];
        touch(cpu, base, to, seg.base[Segments.TR], from);
        if (source == Source.CALL || source == Source.TRAP) {
            cpu.mmu.probeSystem(base, 2);
        }
        cpu.mmu.probeSystem(cpu.tables.addressOf(selector) + 5, 1);
        cpu.mmu.probeSystem(cpu.tables.addressOf(oldSelector) + 5, 1);
        boolean nests = source == Source.CALL || source == Source.TRAP;
        if (!nests) {
            setBusy(cpu, oldSelector, false);
        }
        from.save(cpu, seg.base[Segments.TR], eip, image);
        cpu.taskSwitch.frameAt = seg.base[Segments.TR] + from.eip();
        cpu.taskSwitch.flagsOffset = from.eflags() - from.eip();
        if (nests) {
            cpu.mmu.writeSystem(base, 2, oldSelector);
        }
        if (source != Source.RETURN) {
            setBusy(cpu, selector, true);
        }
        seg.set(Segments.TR, selector, base, Segments.limitOf(low, high), attributes | BUSY);
        cpu.cr0 |= Cpu.CR0_TS;
        cpu.debug.taskSwitched();
        load(cpu, to, base, nests, external);
    }

    private static void requireSize(Cpu cpu, TssLayout layout, int limit, int selector, int external) {
        if (Integer.compareUnsigned(limit, layout.limitMin()) < 0) {
            throw cpu.fault(Fault.TS, (selector & 0xfffc) | external);
        }
    }

    /** Raises now the page faults that the switch could meet half-way. */
    private static void touch(Cpu cpu, int base, TssLayout to, int oldBase, TssLayout from) {
        cpu.mmu.probeSystem(oldBase, from.limitMin());
        cpu.mmu.readSystem(base + (to.isWide() ? TssLayout.CR3 : to.eip()), 2);
        cpu.mmu.readSystem(base + to.limitMin() - 3, 4);
    }

    private static void setBusy(Cpu cpu, int selector, boolean busy) {
        int at = cpu.tables.addressOf(selector) + 5;
        int access = cpu.mmu.readSystem(at, 1);
        cpu.mmu.writeSystem(at, 1, busy ? access | BUSY : access & ~BUSY);
    }

    private static void load(Cpu cpu, TssLayout layout, int base, boolean nests, int external) {
        layout.load(cpu, base, cpu.taskSwitch.selectors);
        cpu.eflags |= nests ? Flags.NT : 0;
        int ldt = cpu.mmu.readSystem(base + layout.ldt(), 2);
        boolean isTrapped = layout.isWide() && (cpu.mmu.readSystem(base + TssLayout.TRAP, 1) & 1) != 0;
        if (layout.isWide() && (cpu.cr0 & Cpu.CR0_PG) != 0) {
            SystemOps.setCr3(cpu, cpu.mmu.readSystem(base + TssLayout.CR3, 4));
            cpu.pagingChanged();
        }
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            cpu.seg.setNull(s, cpu.taskSwitch.selectors[s]);
        }
        cpu.seg.setNull(Segments.LDTR, ldt);
        cpu.setCpl(cpu.isVirtual8086() ? 3 : cpu.taskSwitch.selectors[Cpu.CS] & 3);
        try {
            loadLdt(cpu, ldt, external);
            loadSegments(cpu, external);
            if (isTrapped) {
                cpu.debug.addPending(DebugRegisters.BT);
            }
        } catch (Fault fault) {
            cpu.taskSwitch.lateVector = fault.vector;
            cpu.taskSwitch.lateCode = fault.errorCode;
        }
        cpu.segmentsChanged();
    }

    private static void loadLdt(Cpu cpu, int selector, int external) {
        if (Descriptors.isNull(selector)) {
            return;
        }
        Descriptors tables = cpu.tables;
        int code = (selector & 0xfffc) | external;
        if ((selector & 4) != 0 || !tables.read(selector)) {
            throw cpu.fault(Fault.TS, code);
        }
        int wanted = Segments.PRESENT | 2;
        if ((tables.attributes() & (Segments.PRESENT | Segments.NORMAL | Segments.TYPE)) != wanted) {
            throw cpu.fault(Fault.TS, code);
        }
        cpu.seg.setFromDescriptor(Segments.LDTR, selector, tables.low, tables.high);
    }

    private static void loadSegments(Cpu cpu, int external) {
        if (cpu.isVirtual8086()) {
            for (int s = Cpu.ES; s <= Cpu.GS; s++) {
                cpu.seg.setReal(s, cpu.taskSwitch.selectors[s]);
            }
            return;
        }
        // the stack first: the handler of a fault of the others needs one
        cpu.tables.loadStack(cpu.taskSwitch.selectors[Cpu.SS], cpu.cpl, Fault.TS, external);
        loadCode(cpu, cpu.taskSwitch.selectors[Cpu.CS], external);
        for (int s : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            if (!Descriptors.isNull(cpu.taskSwitch.selectors[s])) {
                cpu.tables.loadData(s, cpu.taskSwitch.selectors[s], Fault.TS, external);
            }
        }
        if (Integer.compareUnsigned(cpu.eip, cpu.seg.limit[Cpu.CS]) > 0) {
            throw cpu.gp(external);
        }
    }

    private static void loadCode(Cpu cpu, int selector, int external) {
        Descriptors tables = cpu.tables;
        int code = (selector & 0xfffc) | external;
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(Fault.TS, code);
        }
        tables.readOrFault(selector, Fault.TS, external);
        int attributes = tables.attributes();
        int dpl = Segments.dplOf(attributes);
        boolean level = Segments.isConformingCode(attributes) ? dpl <= cpu.cpl : dpl == cpu.cpl;
        if (!Segments.isCode(attributes) || !level) {
            throw cpu.fault(Fault.TS, code);
        }
        if ((attributes & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
        tables.setAccess(selector, Segments.ACCESSED);
        cpu.seg.setFromDescriptor(Cpu.CS, selector, tables.low, tables.high);
    }
}
