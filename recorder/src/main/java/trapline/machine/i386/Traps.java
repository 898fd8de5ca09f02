package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.MachineEnd;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observer;
import trapline.machine.tape.TrapRecord;

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

    private Traps() {}

    /** Delivers the fault of the instruction at the present EIP. */
    static void fault(Cpu cpu, Fault fault) {
        cpu.debug.dropPending();
        int origin = fault.injected ? MachineListener.ORIGIN_INJECTED : MachineListener.ORIGIN_INSTRUCTION;
        raise(cpu, fault.vector, fault.errorCode, FAULT, origin);
    }

    /** INT n, INT3, INTO, ICEBP at {@code from}; a fault while entering is the instruction's fault. */
    static void software(Cpu cpu, int vector, int kind, int from, int next) {
        cpu.eip = next;
        cpu.gateTaken = true;
        begin(cpu, vector, Fault.NO_CODE, MachineListener.ORIGIN_INSTRUCTION, from);
        enter(cpu, kind);
    }

    /** Delivers #DB after the instruction at {@code from}; DR6 says why. */
    static void trap(Cpu cpu, int from) {
        begin(cpu, Fault.DB, Fault.NO_CODE, MachineListener.ORIGIN_INSTRUCTION, from);
        deliver(cpu, TRAP);
    }

    /** Delivers at the present EIP; failing that the fault of the delivery, #DF, or the end. */
    static void raise(Cpu cpu, int vector, int errorCode, int kind, int origin) {
        begin(cpu, vector, errorCode, origin, cpu.eip);
        deliver(cpu, kind);
    }

    private static void begin(Cpu cpu, int vector, int errorCode, int origin, int from) {
        TrapRecord trap = cpu.trap;
        trap.vector = vector;
        trap.errorCode = errorCode;
        trap.origin = origin;
        trap.from = from;
    }

    private static void deliver(Cpu cpu, int kind) {
        cpu.halted = false;
        int first = cpu.trap.vector;
        int nowKind = kind;
        while (true) {
            int vector = cpu.trap.vector;
            try {
                enter(cpu, nowKind);
                stalledAt(cpu, vector);
                return;
            } catch (Fault second) {
                if (vector == Fault.DF) {
                    throw new MachineEnd(EndReason.TRIPLE_FAULT, tripleFault(cpu, first, second), 0);
                }
                boolean twice = isDoubleFault(vector, nowKind, second.vector);
                int nextVector = twice ? Fault.DF : second.vector;
                begin(cpu, nextVector, twice ? 0 : second.errorCode, MachineListener.ORIGIN_INSTRUCTION, cpu.eip);
                nowKind = FAULT;
            }
        }
    }

    private static String tripleFault(Cpu cpu, int first, Fault last) {
        return String.format(
                "trap %d at %04x:%08x, then #DF, could not be delivered (trap %d, error code %x)",
                first, cpu.seg.selector[Cpu.CS], cpu.eip, last.vector, last.errorCode);
    }

    /** A guest whose handlers trap at once would never retire an instruction and never reach a step limit. */
    private static void stalledAt(Cpu cpu, int vector) {
        cpu.trapsInARow = cpu.icount == cpu.icountOfTrap ? cpu.trapsInARow + 1 : 0;
        cpu.icountOfTrap = cpu.icount;
        if (cpu.trapsInARow > STALLED_MAX) {
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

    private static void enter(Cpu cpu, int kind) {
        TrapRecord trap = cpu.trap;
        trap.eflags = image(cpu, kind);
        trap.cs = cpu.seg.selector[Cpu.CS];
        trap.eip = cpu.eip;
        trap.esp = cpu.r[Cpu.ESP];
        cpu.delivering = true;
        try {
            if (cpu.isReal()) {
                enterReal(cpu);
            } else {
                ProtectedEntry.enter(cpu, kind);
            }
        } finally {
            cpu.delivering = false;
        }
    }

    /**
     * EFLAGS as pushed. RF is 1 for faults except instruction breakpoints, and for a REP that goes on; else what it is
     * (SDM vol. 3B §18.3.1.1).
     */
    private static int image(Cpu cpu, int kind) {
        boolean resume = kind == FAULT || cpu.unfinished;
        return resume ? cpu.eflags | Flags.RF : cpu.eflags;
    }

    private static void enterReal(Cpu cpu) {
        TrapRecord trap = cpu.trap;
        int vector = trap.vector;
        if (Integer.compareUnsigned(vector * 4 + 3, cpu.tables.idtLimit) > 0) {
            throw cpu.fault(vector == Fault.GP ? Fault.DF : Fault.GP, Fault.NO_CODE);
        }
        int target = cpu.mmu.readSystem(cpu.tables.idtBase + vector * 4, 4);
        cpu.push(trap.eflags & 0xffff, 2);
        cpu.push(trap.cs, 2);
        cpu.push(trap.eip & 0xffff, 2);
        cpu.seg.setReal(Cpu.CS, target >>> 16);
        cpu.eip = target & 0xffff;
        trap.frameAt = cpu.seg.base[Cpu.SS] + cpu.stackPointer();
        trap.flagsOffset = 4;
        trap.errorCode = Fault.NO_CODE;
        entered(cpu, true, Flags.AC);
    }

    /**
     * The end of every delivery, in the order that {@link MachineListener} promises: trapEntry, then the gate's write of
     * EFLAGS.
     */
    static void entered(Cpu cpu, boolean disableInterrupts, int alsoCleared) {
        cpu.trap.eflagsBefore = cpu.eflags;
        int cleared = Flags.TF | Flags.NT | Flags.RF | Flags.VM | (disableInterrupts ? Flags.IF : 0) | alsoCleared;
        cpu.eflags &= ~cleared;
        tell(cpu);
    }

    /** The end of a delivery whose EFLAGS are loaded: cleared by {@link #entered}, or those of a new task's TSS. */
    static void tell(Cpu cpu) {
        TrapRecord trap = cpu.trap;
        if (trap.vector == Fault.DB) {
            cpu.debug.entered();
        }
        cpu.segmentsChanged();
        cpu.updateAttention();
        Observer observer = cpu.observer;
        if (observer != null) {
            trap.cr2 = trap.vector == Fault.PF ? cpu.cr2 : 0;
            trap.dr6 = trap.vector == Fault.DB ? cpu.debug.read(6) : 0;
            observer.trapEntry(cpu, trap);
            observer.eflagsWrite(cpu, trap.from, trap.eflagsBefore, cpu.eflags, MachineListener.CAUSE_GATE);
        }
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
