package trapline.source.qemu;

import trapline.events.TrapVector;

/**
 * One trap as the log shows it: the header line and the CPU state under it. Reused; of a 32-bit guest the upper half of every
 * number is 0.
 */
final class TrapRecord {

    /** Names of the general registers in the order of {@link #registers}: the encoding order of x86. */
    static final String[] REGISTERS = {
        "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };

    static final int SP = 4;

    // From the header line.
    long number;
    int vector;
    long error;
    boolean software;
    int cpl;
    int cs;
    long ip;
    long sp;

    // From the CPU state.
    final long[] registers = new long[REGISTERS.length];
    boolean wide;
    long stateIp;
    int stateCpl;
    long flags;
    int taskSelector;
    long taskBase;
    long cr2;
    long dr6;

    // Whether both are here.
    boolean hasState;

    /** CPU that it happened on, once {@link CpuNumbers} has told. */
    int cpu;

    /** Whether a CPU state is that of this header. */
    boolean fits(TrapRecord state) {
        return !hasState && ip == state.stateIp && sp == state.registers[SP] && cpl == state.stateCpl;
    }

    /** Takes the CPU state of another record. */
    void takeState(TrapRecord state) {
        System.arraycopy(state.registers, 0, registers, 0, registers.length);
        wide = state.wide;
        stateIp = state.stateIp;
        stateCpl = state.stateCpl;
        flags = state.flags;
        taskSelector = state.taskSelector;
        taskBase = state.taskBase;
        cr2 = state.cr2;
        dr6 = state.dr6;
        hasState = true;
    }

    boolean isUser() {
        return cpl == 3;
    }

    /** An int3 in the kernel. */
    boolean isKernelBreakpoint() {
        return vector == TrapVector.BP && software && cpl == 0;
    }

    /** The ip that the trap pushes: behind the instruction for one that raises it on purpose. */
    long pushedIp() {
        if (!software) {
            return ip;
        }
        return ip + (vector == TrapVector.BP || vector == OVERFLOW ? 1 : 2);
    }

    private static final int OVERFLOW = 4;

    /** How many general registers, the stack pointer left out, are other than those of another record. */
    int differences(long[] others) {
        int count = 0;
        for (int i = 0; i < registers.length; i++) {
            count += i != SP && registers[i] != others[i] ? 1 : 0;
        }
        return count;
    }
}
