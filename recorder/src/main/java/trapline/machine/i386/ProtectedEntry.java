package trapline.machine.i386;

import trapline.machine.tape.TrapRecord;

/**
 * Entering a handler through the IDT in protected mode (Intel SDM vol. 3A §6.12.1; vol. 2, INT n, for the order of the
 * checks). Nothing but memory below the stack pointer changes before all checks and stores have succeeded.
 */
final class ProtectedEntry {
    private ProtectedEntry() {}

    /** Delivers the trap that is recorded in the CPU. */
    static void enter(Cpu cpu, int kind) {
        EntryFrame frame = cpu.entryFrame;
        frame.external = kind == Traps.SOFTWARE ? 0 : 1;
        int type = readGate(cpu, frame, kind);
        if (Traps.isTaskGate(type)) {
            enterTask(cpu, frame);
            return;
        }
        findCode(cpu, frame);
        frame.size = Traps.is32BitGate(type) ? 4 : 2;
        findStack(cpu, frame);
        boolean fromVirtual8086 = cpu.isVirtual8086();
        pushFrame(cpu, frame, fromVirtual8086);
        int offset = offset(frame);
        if (Integer.compareUnsigned(offset, Segments.limitOf(frame.codeLow, frame.codeHigh)) > 0) {
            throw cpu.gp(frame.external);
        }
        if (frame.inner) {
            cpu.seg.setFromDescriptor(Cpu.SS, frame.stackSelector, frame.stackLow, frame.stackHigh);
        }
        if (fromVirtual8086) {
            dropDataSegments(cpu);
        }
        cpu.r[Cpu.ESP] = (frame.stackPointer & frame.stackMask) | (cpu.r[Cpu.ESP] & ~frame.stackMask);
        cpu.seg.setFromDescriptor(Cpu.CS, (frame.codeSelector & 0xfffc) | frame.level, frame.codeLow, frame.codeHigh);
        cpu.setCpl(frame.level);
        cpu.eip = offset;
        cpu.trap.flagsOffset = 2 * frame.size;
        Traps.entered(cpu, Traps.isInterruptGate(type), 0);
    }

    private static int offset(EntryFrame frame) {
        int low = frame.gateLow & 0xffff;
        return frame.size == 4 ? (frame.gateHigh & 0xffff_0000) | low : low;
    }

    /** Through a task gate: the frame is the old task's TSS. */
    private static void enterTask(Cpu cpu, EntryFrame frame) {
        TrapRecord trap = cpu.trap;
        trap.eflagsBefore = cpu.eflags;
        Tasks.enterFromTrap(cpu, frame.gateLow >>> 16, trap.eflags, frame.external);
        if (trap.errorCode != Fault.NO_CODE) {
            cpu.push(trap.errorCode, Tasks.isWide(cpu) ? 4 : 2);
        }
        trap.flagsOffset = cpu.taskSwitch.flagsOffset;
        trap.frameAt = cpu.taskSwitch.frameAt;
        Traps.tell(cpu);
    }

    /** Reads and checks the gate; returns its type. */
    private static int readGate(Cpu cpu, EntryFrame frame, int kind) {
        int vector = cpu.trap.vector;
        int code = vector * 8 + 2 + frame.external;
        Descriptors tables = cpu.tables;
        if (vector * 8 + 7 > tables.idtLimit) {
            throw cpu.gp(code);
        }
        frame.gateLow = cpu.mmu.readSystem(tables.idtBase + vector * 8, 4);
        frame.gateHigh = cpu.mmu.readSystem(tables.idtBase + vector * 8 + 4, 4);
        int attr = Segments.attributesOf(frame.gateHigh);
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

    /** Reads and checks the code segment that the gate names. */
    private static void findCode(Cpu cpu, EntryFrame frame) {
        int selector = frame.gateLow >>> 16;
        Descriptors tables = cpu.tables;
        if (Descriptors.isNull(selector)) {
            throw cpu.gp(frame.external);
        }
        tables.readOrFault(selector, Fault.GP, frame.external);
        frame.codeSelector = selector;
        frame.codeLow = tables.low;
        frame.codeHigh = tables.high;
        int attr = tables.attributes();
        int dpl = Segments.dplOf(attr);
        int selectorCode = (selector & 0xfffc) | frame.external;
        if (!Segments.isCode(attr) || dpl > cpu.cpl) {
            throw cpu.gp(selectorCode);
        }
        if (cpu.isVirtual8086() && (dpl != 0 || Segments.isConformingCode(attr))) {
            throw cpu.gp(selectorCode);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, selectorCode);
        }
        tables.setAccess(selector, Segments.ACCESSED);
        frame.inner = !Segments.isConformingCode(attr) && dpl < cpu.cpl;
        frame.level = frame.inner ? dpl : cpu.cpl;
    }

    private static void findStack(Cpu cpu, EntryFrame frame) {
        if (frame.inner) {
            TaskState.readStack(cpu, frame.level, frame.external);
            frame.stackPointer = cpu.taskStackPointer;
            frame.stackSelector = cpu.taskStackSelector;
            cpu.tables.checkStack(frame.stackSelector, frame.level, Fault.TS, frame.external);
            useNewStack(cpu, frame);
        } else {
            useCurrentStack(cpu, frame);
        }
    }

    /** The stack whose descriptor was read last. */
    private static void useNewStack(Cpu cpu, EntryFrame frame) {
        frame.stackLow = cpu.tables.low;
        frame.stackHigh = cpu.tables.high;
        frame.stackBase = Segments.baseOf(frame.stackLow, frame.stackHigh);
        frame.stackLimit = Segments.limitOf(frame.stackLow, frame.stackHigh);
        frame.stackAttributes = Segments.attributesOf(frame.stackHigh);
        frame.stackMask = (frame.stackAttributes & Segments.BIG) != 0 ? -1 : 0xffff;
        frame.stackFault = (frame.stackSelector & 0xfffc) | frame.external;
        frame.stackUser = frame.level == 3;
    }

    private static void useCurrentStack(Cpu cpu, EntryFrame frame) {
        Segments seg = cpu.seg;
        frame.stackBase = seg.base[Cpu.SS];
        frame.stackLimit = seg.limit[Cpu.SS];
        frame.stackAttributes = seg.attributes[Cpu.SS];
        frame.stackMask = seg.isStackBig() ? -1 : 0xffff;
        frame.stackPointer = cpu.r[Cpu.ESP];
        frame.stackFault = frame.external;
        frame.stackUser = cpu.cpl == 3;
    }

    private static void pushFrame(Cpu cpu, EntryFrame frame, boolean fromVirtual8086) {
        TrapRecord trap = cpu.trap;
        boolean hasCode = trap.errorCode != Fault.NO_CODE;
        int pushes = (frame.inner ? 5 : 3) + (hasCode ? 1 : 0) + (fromVirtual8086 ? 4 : 0);
        checkRoom(cpu, frame, pushes * frame.size);
        int[] selectors = cpu.seg.selector;
        if (fromVirtual8086) {
            push(cpu, frame, selectors[Cpu.GS]);
            push(cpu, frame, selectors[Cpu.FS]);
            push(cpu, frame, selectors[Cpu.DS]);
            push(cpu, frame, selectors[Cpu.ES]);
        }
        if (frame.inner) {
            push(cpu, frame, selectors[Cpu.SS]);
            push(cpu, frame, trap.esp);
        }
        push(cpu, frame, trap.eflags);
        push(cpu, frame, trap.cs);
        push(cpu, frame, trap.eip);
        trap.frameAt = frame.stackBase + (frame.stackPointer & frame.stackMask);
        if (hasCode) {
            push(cpu, frame, trap.errorCode);
        }
    }

    private static void checkRoom(Cpu cpu, EntryFrame frame, int bytes) {
        int bottom = (frame.stackPointer - bytes) & frame.stackMask;
        if (!Segments.isWithin(frame.stackAttributes, frame.stackLimit, bottom, bytes)) {
            throw cpu.fault(Fault.SS, frame.stackFault);
        }
    }

    private static void push(Cpu cpu, EntryFrame frame, int value) {
        frame.stackPointer -= frame.size;
        int linear = frame.stackBase + (frame.stackPointer & frame.stackMask);
        if (frame.stackUser == cpu.mmu.isUser()) {
            cpu.mmu.write(linear, frame.size, value);
        } else {
            cpu.mmu.writeSystem(linear, frame.size, value);
        }
    }

    /** A handler of a virtual-8086 task starts with null data segments (SDM vol. 3A §20.3.1). */
    private static void dropDataSegments(Cpu cpu) {
        for (int s : new int[] {Cpu.ES, Cpu.DS, Cpu.FS, Cpu.GS}) {
            cpu.seg.setNull(s, 0);
        }
    }
}
