package trapline.machine;

/**
 * Entering a handler through the IDT in protected mode (Intel SDM vol. 3A §6.12.1; vol. 2, INT n, for the order of the
 * checks). Nothing but memory below the stack pointer changes before all checks and stores have succeeded.
 */
final class ProtectedEntry {
    private final Cpu cpu;
    private final Traps traps;
    /** 1 if the event is not a software interrupt: the EXT bit of error codes. */
    private int external;

    private int gateLow;
    private int gateHigh;

    // Where the frame goes, worked out before anything is stored.
    private int stackBase;
    private int stackPointer;
    private int stackMask;
    private int stackLimit;
    private int stackAttributes;
    private int stackFault;
    private boolean stackUser;

    ProtectedEntry(Cpu cpu, Traps traps) {
        this.cpu = cpu;
        this.traps = traps;
    }

    void enter(int vector, int errorCode, int kind, int origin, int from, int image) {
        external = kind == Traps.SOFTWARE ? 0 : 1;
        int type = readGate(vector, kind);
        int selector = gateLow >>> 16;
        if (Traps.isTaskGate(type)) {
            enterTask(vector, errorCode, origin, from, image, selector);
            return;
        }
        Descriptors tables = cpu.tables;
        if (Descriptors.isNull(selector)) {
            throw cpu.gp(external);
        }
        tables.readOrFault(selector, Fault.GP, external);
        int codeLow = tables.low;
        int codeHigh = tables.high;
        int attr = tables.attributes();
        int dpl = Segments.dplOf(attr);
        int selectorCode = (selector & 0xfffc) | external;
        if (!Segments.isCode(attr) || dpl > cpu.cpl) {
            throw cpu.gp(selectorCode);
        }
        boolean fromVirtual8086 = cpu.isVirtual8086();
        if (fromVirtual8086 && (dpl != 0 || Segments.isConformingCode(attr))) {
            throw cpu.gp(selectorCode);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, selectorCode);
        }
        tables.setAccess(selector, Segments.ACCESSED);
        boolean inner = !Segments.isConformingCode(attr) && dpl < cpu.cpl;
        int newCpl = inner ? dpl : cpu.cpl;
        int size = Traps.is32BitGate(type) ? 4 : 2;
        int offset = size == 4 ? (gateHigh & 0xffff_0000) | (gateLow & 0xffff) : gateLow & 0xffff;

        int oldEsp = cpu.r[Cpu.ESP];
        int oldSs = cpu.seg.selector[Cpu.SS];
        int oldCs = cpu.seg.selector[Cpu.CS];
        int oldEip = cpu.eip;
        int stackLow = 0;
        int stackHigh = 0;
        int newSs = 0;
        if (inner) {
            newSs = findInnerStack(newCpl);
            stackLow = tables.low;
            stackHigh = tables.high;
            useStack(stackLow, stackHigh, newCpl, newSs);
        } else {
            useCurrentStack();
        }
        boolean hasCode = errorCode != Fault.NO_CODE;
        int pushes = (inner ? 5 : 3) + (hasCode ? 1 : 0) + (fromVirtual8086 ? 4 : 0);
        checkRoom(pushes * size);
        if (fromVirtual8086) {
            pushDataSegments(size);
        }
        if (inner) {
            push(oldSs, size);
            push(oldEsp, size);
        }
        push(image, size);
        push(oldCs, size);
        push(oldEip, size);
        int frameAt = stackBase + (stackPointer & stackMask);
        if (hasCode) {
            push(errorCode, size);
        }
        if (Integer.compareUnsigned(offset, Segments.limitOf(codeLow, codeHigh)) > 0) {
            throw cpu.gp(external);
        }
        if (inner) {
            cpu.seg.setFromDescriptor(Cpu.SS, newSs, stackLow, stackHigh);
        }
        if (fromVirtual8086) {
            dropDataSegments();
        }
        cpu.r[Cpu.ESP] = (stackPointer & stackMask) | (cpu.r[Cpu.ESP] & ~stackMask);
        cpu.seg.setFromDescriptor(Cpu.CS, (selector & 0xfffc) | newCpl, codeLow, codeHigh);
        cpu.setCpl(newCpl);
        cpu.eip = offset;
        boolean disable = Traps.isInterruptGate(type);
        traps.setFlagsOffset(2 * size);
        traps.entered(vector, errorCode, origin, from, oldCs, oldEip, image, oldEsp, frameAt, disable, 0);
    }

    /** Through a task gate: the frame is the old task's TSS. */
    private void enterTask(int vector, int errorCode, int origin, int from, int image, int selector) {
        int oldEsp = cpu.r[Cpu.ESP];
        int oldCs = cpu.seg.selector[Cpu.CS];
        int oldEip = cpu.eip;
        int before = cpu.eflags;
        cpu.tasks.enterFromTrap(selector, image, external);
        if (errorCode != Fault.NO_CODE) {
            cpu.push(errorCode, cpu.tasks.isWide() ? 4 : 2);
        }
        traps.setFlagsOffset(cpu.tasks.flagsOffset());
        traps.tell(before, vector, errorCode, origin, from, oldCs, oldEip, image, oldEsp, cpu.tasks.frameAt());
    }

    private void pushDataSegments(int size) {
        int[] selectors = cpu.seg.selector;
        push(selectors[Cpu.GS], size);
        push(selectors[Cpu.FS], size);
        push(selectors[Cpu.DS], size);
        push(selectors[Cpu.ES], size);
    }

    /** A handler of a virtual-8086 task starts with null data segments (SDM vol. 3A §20.3.1). */
    private void dropDataSegments() {
        for (int s : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            cpu.seg.setNull(s, 0);
        }
    }

    /** Reads and checks the gate; returns its type. */
    private int readGate(int vector, int kind) {
        int code = vector * 8 + 2 + external;
        Descriptors tables = cpu.tables;
        if (vector * 8 + 7 > tables.idtLimit) {
            throw cpu.gp(code);
        }
        gateLow = cpu.mmu.readSystem(tables.idtBase + vector * 8, 4);
        gateHigh = cpu.mmu.readSystem(tables.idtBase + vector * 8 + 4, 4);
        int attr = Segments.attributesOf(gateHigh);
        int type = attr & (Segments.TYPE | Segments.NORMAL);
        boolean isGate = Traps.isTaskGate(type) || type == 6 || type == 7 || type == 14 || type == 15;
        if (!isGate || (kind == Traps.SOFTWARE && Segments.dplOf(attr) < cpu.cpl)) {
            throw cpu.gp(code);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
        return type;
    }

    /** SS:ESP of a more privileged level from the TSS, with the descriptor left in the tables' scratch. */
    private int findInnerStack(int level) {
        TaskState.readStack(cpu, level, external);
        stackPointer = cpu.taskStackPointer;
        int selector = cpu.taskStackSelector;
        cpu.tables.checkStack(selector, level, Fault.TS, external);
        return selector;
    }

    private void useStack(int low, int high, int level, int selector) {
        stackBase = Segments.baseOf(low, high);
        stackLimit = Segments.limitOf(low, high);
        stackAttributes = Segments.attributesOf(high);
        stackMask = (stackAttributes & Segments.BIG) != 0 ? -1 : 0xffff;
        stackFault = (selector & 0xfffc) | external;
        stackUser = level == 3;
    }

    private void useCurrentStack() {
        Segments seg = cpu.seg;
        stackBase = seg.base[Cpu.SS];
        stackLimit = seg.limit[Cpu.SS];
        stackAttributes = seg.attributes[Cpu.SS];
        stackMask = seg.isStackBig() ? -1 : 0xffff;
        stackPointer = cpu.r[Cpu.ESP];
        stackFault = external;
        stackUser = cpu.cpl == 3;
    }

    private void checkRoom(int bytes) {
        int bottom = (stackPointer - bytes) & stackMask;
        boolean fits = Segments.isWithin(stackAttributes, stackLimit, bottom, bytes);
        if (!fits) {
            throw cpu.fault(Fault.SS, stackFault);
        }
    }

    private void push(int value, int size) {
        stackPointer -= size;
        int linear = stackBase + (stackPointer & stackMask);
        if (stackUser == cpu.mmu.isUser()) {
            cpu.mmu.write(linear, size, value);
        } else {
            cpu.mmu.writeSystem(linear, size, value);
        }
    }
}
