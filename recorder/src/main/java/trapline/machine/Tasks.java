package trapline.machine;

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
    private static final int NO_FAULT = -1;

    /** Who asks for a switch: what happens to busy bits, NT and the link depends on it (SDM vol. 3A table 7-2). */
    private enum Source {
        JUMP,
        CALL,
        TRAP,
        RETURN
    }

    private final Cpu cpu;
    private final int[] selectors = new int[6];

    // The frame of the old task: where its EIP was stored.
    private int frameAt;
    private int flagsOffset;

    /** A fault of loading the new task's segments that is still to be delivered. */
    private int lateVector = NO_FAULT;

    private int lateCode;

    Tasks(Cpu cpu) {
        this.cpu = cpu;
    }

    /** Whether a descriptor is a task gate or an available TSS. */
    static boolean isTask(int attributes) {
        int type = attributes & (Segments.TYPE | Segments.NORMAL);
        return type == TASK_GATE || type == AVAILABLE_16 || type == AVAILABLE_32;
    }

    /** JMP to a task gate or TSS whose descriptor was read last. */
    void jump(int selector, int attributes, int from, int next) {
        far(selector, attributes, Source.JUMP, from, next);
    }

    /** CALL to a task gate or TSS whose descriptor was read last. */
    void call(int selector, int attributes, int from, int next) {
        far(selector, attributes, Source.CALL, from, next);
    }

    private void far(int selector, int attributes, Source source, int from, int next) {
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
        readTss(task, 0, Fault.GP, 0);
        int before = cpu.eflags;
        switchTo(task, source, before, next, 0);
        Observer observer = cpu.observer;
        if (observer != null) {
            observer.eflagsWrite(cpu, from, before, cpu.eflags, MachineListener.CAUSE_GATE);
        }
        deliverLate();
    }

    /** A trap through a task gate; {@code image} is EFLAGS as the old task is to find it. Faults are the delivery's. */
    void enterFromTrap(int selector, int image, int external) {
        readTss(selector, 0, Fault.GP, external);
        switchTo(selector, Source.TRAP, image, cpu.eip, external);
        if (lateVector != NO_FAULT) {
            int vector = lateVector;
            lateVector = NO_FAULT;
            throw cpu.fault(vector, lateCode);
        }
    }

    /** IRET with NT. {@link #deliverLate} has to follow when it has been reported. */
    void returnFromTask(int next) {
        int selector = cpu.mmu.readSystem(cpu.seg.base[Segments.TR], 2);
        readTss(selector, BUSY, Fault.TS, 0);
        switchTo(selector, Source.RETURN, cpu.eflags & ~Flags.NT, next, 0);
        frameAt = cpu.seg.base[Segments.TR] + layout().eip();
    }

    /** Delivers the fault of the new task that a switch by an instruction left. */
    void deliverLate() {
        cpu.updateAttention();
        if (lateVector != NO_FAULT) {
            int vector = lateVector;
            lateVector = NO_FAULT;
            cpu.gateTaken = true;
            cpu.traps.fault(cpu.fault(vector, lateCode));
        }
    }

    /** Linear address of the EIP in the TSS that holds the interrupted task. */
    int frameAt() {
        return frameAt;
    }

    /** From there to EFLAGS. */
    int flagsOffset() {
        return flagsOffset;
    }

    /** Whether the current task's TSS is one of 32 bits. */
    boolean isWide() {
        return (cpu.seg.attributes[Segments.TR] & WIDE) != 0;
    }

    private TssLayout layout() {
        return isWide() ? TssLayout.WIDE : TssLayout.NARROW;
    }

    /** Leaves the descriptor of a TSS in the tables' scratch; raises {@code vector} if it is none, or busy as not wanted. */
    private void readTss(int selector, int busy, int vector, int external) {
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
    private void switchTo(int selector, Source source, int image, int eip, int external) {
        Segments seg = cpu.seg;
        int low = cpu.tables.low;
        int high = cpu.tables.high;
        int base = Segments.baseOf(low, high);
        int attributes = Segments.attributesOf(high);
        TssLayout to = (attributes & WIDE) != 0 ? TssLayout.WIDE : TssLayout.NARROW;
        TssLayout from = layout();
        requireSize(to, Segments.limitOf(low, high), selector, external);
        requireSize(from, seg.limit[Segments.TR], seg.selector[Segments.TR], external);
        int oldSelector = seg.selector[Segments.TR];
        touch(base, to, seg.base[Segments.TR], from);
        if (source == Source.CALL || source == Source.TRAP) {
            cpu.mmu.probeSystem(base, 2);
        }
        cpu.mmu.probeSystem(cpu.tables.addressOf(selector) + 5, 1);
        cpu.mmu.probeSystem(cpu.tables.addressOf(oldSelector) + 5, 1);
        boolean nests = source == Source.CALL || source == Source.TRAP;
        if (!nests) {
            setBusy(oldSelector, false);
        }
        from.save(cpu, seg.base[Segments.TR], eip, image);
        frameAt = seg.base[Segments.TR] + from.eip();
        flagsOffset = from.eflags() - from.eip();
        if (nests) {
            cpu.mmu.writeSystem(base, 2, oldSelector);
        }
        if (source != Source.RETURN) {
            setBusy(selector, true);
        }
        seg.set(Segments.TR, selector, base, Segments.limitOf(low, high), attributes | BUSY);
        cpu.cr0 |= Cpu.CR0_TS;
        cpu.debug.taskSwitched();
        load(to, base, nests, external);
    }

    private void requireSize(TssLayout layout, int limit, int selector, int external) {
        if (Integer.compareUnsigned(limit, layout.limitMin()) < 0) {
            throw cpu.fault(Fault.TS, (selector & 0xfffc) | external);
        }
    }

    /** Raises now the page faults that the switch could meet half-way. */
    private void touch(int base, TssLayout to, int oldBase, TssLayout from) {
        cpu.mmu.probeSystem(oldBase, from.limitMin());
        cpu.mmu.readSystem(base + (to.isWide() ? TssLayout.CR3 : to.eip()), 2);
        cpu.mmu.readSystem(base + to.limitMin() - 3, 4);
    }

    private void setBusy(int selector, boolean busy) {
        int at = cpu.tables.addressOf(selector) + 5;
        int access = cpu.mmu.readSystem(at, 1);
        cpu.mmu.writeSystem(at, 1, busy ? access | BUSY : access & ~BUSY);
    }

    private void load(TssLayout layout, int base, boolean nests, int external) {
        layout.load(cpu, base, selectors);
        cpu.eflags |= nests ? Flags.NT : 0;
        int ldt = cpu.mmu.readSystem(base + layout.ldt(), 2);
        boolean isTrapped = layout.isWide() && (cpu.mmu.readSystem(base + TssLayout.TRAP, 1) & 1) != 0;
        if (layout.isWide() && (cpu.cr0 & Cpu.CR0_PG) != 0) {
            cpu.cr3 = cpu.mmu.readSystem(base + TssLayout.CR3, 4) & SystemOps.CR3_WRITABLE;
            cpu.pagingChanged();
        }
        for (int s = Cpu.ES; s <= Cpu.GS; s++) {
            cpu.seg.setNull(s, selectors[s]);
        }
        cpu.seg.setNull(Segments.LDTR, ldt);
        cpu.setCpl(cpu.isVirtual8086() ? 3 : selectors[Cpu.CS] & 3);
        try {
            loadLdt(ldt, external);
            loadSegments(external);
            if (isTrapped) {
                cpu.debug.addPending(DebugRegisters.BT);
            }
        } catch (Fault fault) {
            lateVector = fault.vector;
            lateCode = fault.errorCode;
        }
        cpu.segmentsChanged();
    }

    private void loadLdt(int selector, int external) {
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

    private void loadSegments(int external) {
        if (cpu.isVirtual8086()) {
            for (int s = Cpu.ES; s <= Cpu.GS; s++) {
                cpu.seg.setReal(s, selectors[s]);
            }
            return;
        }
        // the stack first: the handler of a fault of the others needs one
        cpu.tables.loadStack(selectors[Cpu.SS], cpu.cpl, Fault.TS, external);
        loadCode(selectors[Cpu.CS], external);
        for (int s : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            if (!Descriptors.isNull(selectors[s])) {
                cpu.tables.loadData(s, selectors[s], Fault.TS, external);
            }
        }
        if (Integer.compareUnsigned(cpu.eip, cpu.seg.limit[Cpu.CS]) > 0) {
            throw cpu.gp(external);
        }
    }

    private void loadCode(int selector, int external) {
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
