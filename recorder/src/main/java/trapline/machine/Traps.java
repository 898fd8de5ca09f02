package trapline.machine;

/**
 * Delivery of traps and interrupts: gates, stack switch, error codes, double and triple fault (Intel SDM vol. 3A §6.8–6.15;
 * IRET is in {@link InterruptReturn}).
 */
final class Traps {
    /** Raised by an instruction that is to be restarted. */
    static final int FAULT = 0;
    /** Reported after an instruction: single-step, data breakpoints. */
    static final int TRAP = 1;
    /** INT n, INT3, INTO: checks the gate's DPL; no RF, no EXT bit. */
    static final int SOFTWARE = 2;
    /** NMI and maskable interrupts. */
    static final int INTERRUPT = 3;
    /** #DB of an instruction breakpoint: a fault, but RF is pushed as it is. */
    static final int CODE_BREAKPOINT = 4;
    /** ICEBP: as SOFTWARE, without the DPL check. */
    static final int ICEBP = 5;

    private static final int STALLED_MAX = 100_000;

    private static final int GATE_TASK = 5;
    private static final int GATE_TRAP_BIT = 1;
    private static final int GATE_32_BIT = 8;

    private final Cpu cpu;
    private final ProtectedEntry protectedEntry;
    private int eipOfTrap;
    private int deliveredInARow;
    private long icountOfLast = -1;
    private int flagsOffset;

    Traps(Cpu cpu) {
        this.cpu = cpu;
        this.protectedEntry = new ProtectedEntry(cpu, this);
    }

    /** Delivers the fault of the instruction at the present EIP. */
    void fault(Fault fault) {
        cpu.debug.dropPending();
        int origin = fault.injected ? MachineListener.ORIGIN_INJECTED : MachineListener.ORIGIN_INSTRUCTION;
        raise(fault.vector, fault.errorCode, FAULT, origin);
    }

    /** INT n, INT3, INTO, ICEBP at {@code from}; a fault while entering is the instruction's fault. */
    void software(int vector, int kind, int from, int next) {
        cpu.eip = next;
        cpu.gateTaken = true;
        enter(vector, Fault.NO_CODE, kind, MachineListener.ORIGIN_INSTRUCTION, from);
    }

    /** Delivers #DB after the instruction at {@code from}; DR6 says why. */
    void trap(int from) {
        eipOfTrap = from;
        raise(Fault.DB, Fault.NO_CODE, TRAP, MachineListener.ORIGIN_INSTRUCTION);
    }

    /** Delivers at the present EIP; failing that the fault of the delivery, #DF, or the end. */
    void raise(int vector, int errorCode, int kind, int origin) {
        cpu.halted = false;
        int nowVector = vector;
        int nowCode = errorCode;
        int nowKind = kind;
        int nowOrigin = origin;
        while (true) {
            try {
                enter(nowVector, nowCode, nowKind, nowOrigin, nowKind == TRAP ? eipOfTrap : cpu.eip);
                stalledAt(nowVector);
                return;
            } catch (Fault second) {
                if (nowVector == Fault.DF) {
                    throw new MachineEnd(EndReason.TRIPLE_FAULT, tripleFault(vector, second), 0);
                }
                if (isDoubleFault(nowVector, nowKind, second.vector)) {
                    nowVector = Fault.DF;
                    nowCode = 0;
                } else {
                    nowVector = second.vector;
                    nowCode = second.errorCode;
                }
                nowKind = FAULT;
                nowOrigin = MachineListener.ORIGIN_INSTRUCTION;
            }
        }
    }

    private String tripleFault(int first, Fault last) {
        return String.format(
                "trap %d at %04x:%08x, then #DF, could not be delivered (trap %d, error code %x)",
                first, cpu.seg.selector[Cpu.CS], cpu.eip, last.vector, last.errorCode);
    }

    /** A guest whose handlers trap at once would never retire an instruction and never reach a step limit. */
    private void stalledAt(int vector) {
        deliveredInARow = cpu.icount == icountOfLast ? deliveredInARow + 1 : 0;
        icountOfLast = cpu.icount;
        if (deliveredInARow > STALLED_MAX) {
            String what = "trap " + vector + " repeats " + STALLED_MAX + " times and no instruction retires";
            throw MachineEnd.unsupported(what);
        }
    }

    /** SDM vol. 3A table 6-5: which pairs of faults make a double fault. */
    private static boolean isDoubleFault(int first, int firstKind, int second) {
        if (firstKind != FAULT) {
            return false;
        }
        boolean secondCounts = isContributory(second);
        return first == Fault.PF ? secondCounts || second == Fault.PF : isContributory(first) && secondCounts;
    }

    private static boolean isContributory(int vector) {
        return vector == Fault.DE || (vector >= Fault.TS && vector <= Fault.GP);
    }

    private void enter(int vector, int errorCode, int kind, int origin, int from) {
        int image = image(kind);
        cpu.delivering = true;
        try {
            if (cpu.isReal()) {
                enterReal(vector, image, origin, from);
            } else {
                protectedEntry.enter(vector, errorCode, kind, origin, from, image);
            }
        } finally {
            cpu.delivering = false;
        }
    }

    /**
     * EFLAGS as pushed. RF is 1 for faults except instruction breakpoints, and for a REP that goes on; else what it is
     * (SDM vol. 3B §18.3.1.1).
     */
    private int image(int kind) {
        boolean resume = kind == FAULT || cpu.unfinished;
        return resume ? cpu.eflags | Flags.RF : cpu.eflags;
    }

    private void enterReal(int vector, int image, int origin, int from) {
        if (Integer.compareUnsigned(vector * 4 + 3, cpu.tables.idtLimit) > 0) {
            throw cpu.fault(vector == Fault.GP ? Fault.DF : Fault.GP, Fault.NO_CODE);
        }
        int target = cpu.mmu.readSystem(cpu.tables.idtBase + vector * 4, 4);
        int esp = cpu.r[Cpu.ESP];
        int oldEip = cpu.eip;
        int oldCs = cpu.seg.selector[Cpu.CS];
        cpu.push(image & 0xffff, 2);
        cpu.push(oldCs, 2);
        cpu.push(oldEip & 0xffff, 2);
        cpu.seg.setReal(Cpu.CS, target >>> 16);
        cpu.eip = target & 0xffff;
        int frameAt = cpu.seg.base[Cpu.SS] + cpu.stackPointer();
        flagsOffset = 4;
        entered(vector, Fault.NO_CODE, origin, from, oldCs, oldEip, image, esp, frameAt, true, Flags.AC);
    }

    /**
     * The end of every delivery, in the order that {@link MachineListener} promises: trapEntry, then the gate's write of
     * EFLAGS. {@code frameAt} is the linear address of the pushed EIP.
     */
    void entered(
            int vector,
            int errorCode,
            int origin,
            int from,
            int oldCs,
            int oldEip,
            int image,
            int oldEsp,
            int frameAt,
            boolean disableInterrupts,
            int alsoCleared) {
        int before = cpu.eflags;
        int cleared = Flags.TF | Flags.NT | Flags.RF | Flags.VM | (disableInterrupts ? Flags.IF : 0) | alsoCleared;
        cpu.eflags &= ~cleared;
        tell(before, vector, errorCode, origin, from, oldCs, oldEip, image, oldEsp, frameAt);
    }

    /** The end of a delivery whose EFLAGS are loaded: cleared by {@link #entered}, or those of a new task's TSS. */
    void tell(
            int eflagsBefore,
            int vector,
            int errorCode,
            int origin,
            int from,
            int oldCs,
            int oldEip,
            int image,
            int oldEsp,
            int frameAt) {
        if (vector == Fault.DB) {
            cpu.debug.entered();
        }
        cpu.segmentsChanged();
        cpu.updateAttention();
        Observer observer = cpu.observer;
        if (observer != null) {
            observer.trapEntry(cpu, from, vector, errorCode, oldCs, oldEip, image, oldEsp, frameAt, origin);
            observer.eflagsWrite(cpu, from, eflagsBefore, cpu.eflags, MachineListener.CAUSE_GATE);
        }
    }

    /** Where the frame that is being made has EFLAGS, counted from its EIP. */
    void setFlagsOffset(int bytes) {
        flagsOffset = bytes;
    }

    int flagsOffset() {
        return flagsOffset;
    }

    /** Whether an exception pushes an error code in protected mode (SDM vol. 3A table 6-1). */
    static boolean hasErrorCode(int vector) {
        return vector == Fault.DF || (vector >= Fault.TS && vector <= Fault.PF) || vector == Fault.AC;
    }

    static boolean isTaskGate(int type) {
        return type == GATE_TASK;
    }

    static boolean isInterruptGate(int type) {
        return (type & GATE_TRAP_BIT) == 0;
    }

    static boolean is32BitGate(int type) {
        return (type & GATE_32_BIT) != 0;
    }
}
