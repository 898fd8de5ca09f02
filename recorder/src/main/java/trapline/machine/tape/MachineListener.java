package trapline.machine.tape;

import org.jspecify.annotations.Nullable;
import trapline.machine.Machine;
import trapline.machine.bus.EndReason;

/**
 * What a running machine tells the outside. Every method has an empty default, all arguments of the frequent ones are
 * primitive, and a machine without a listener pays nothing for the interface.
 *
 * <p>Common arguments: {@code cpu} is the CPU's number; {@code step} the count of instructions retired by all CPUs
 * before the event; {@code eip} the address (offset in CS) of the instruction at which the event happened.
 *
 * <p><b>Order.</b> Events come in the order in which the effects happen. Where one instruction has several effects:
 *
 * <ol>
 *   <li>memory: {@code textRead}, then {@code textWrite}, {@code variable} and {@code frameWrite} for each store;
 *   <li>{@code eflagsWrite} of the instruction itself;
 *   <li>IRET: {@code eflagsWrite} (cause {@link #CAUSE_IRET}) right before {@code trapExit};
 *   <li>trap delivery: {@code trapEntry}, then {@code eflagsWrite} with cause {@link #CAUSE_GATE};
 *   <li>{@code callExit} after the RET, {@code callEntry} before the first instruction of the function.
 * </ol>
 *
 * <p>The stores of a trap delivery itself (the pushed frame) are not reported as {@code variable} or {@code frameWrite}
 * unless they hit a watched variable. RF in EFLAGS is cleared by the processor after the instruction that follows an
 * IRET; that is not an instruction's write and has no event.
 *
 * <p>A listener must not change the machine from inside a callback, except by {@link Machine#requestStop()}.
 */
public interface MachineListener {

    /** {@code eflagsWrite}: arithmetic, logic, shifts, compares, BT*, … */
    int CAUSE_ALU = 1;
    /** {@code eflagsWrite}: POPF. */
    int CAUSE_POPF = 2;
    /** {@code eflagsWrite}: IRET. */
    int CAUSE_IRET = 3;
    /** {@code eflagsWrite}: the clearing of TF, NT, RF and, for interrupt gates, IF when a trap is delivered. */
    int CAUSE_GATE = 4;
    /** {@code eflagsWrite}: STI, CLI. */
    int CAUSE_STI_CLI = 5;
    /** {@code eflagsWrite}: CLD, STD. */
    int CAUSE_CLD_STD = 6;
    /** {@code eflagsWrite}: CLC, STC, CMC. */
    int CAUSE_CARRY = 7;
    /** {@code eflagsWrite}: SAHF. */
    int CAUSE_SAHF = 8;

    /** {@code trapEntry}: raised by the instruction at {@code eip}. */
    int ORIGIN_INSTRUCTION = 1;
    /** {@code trapEntry}: an interrupt that the guest's own devices (local APICs) sent. */
    int ORIGIN_EXTERNAL = 2;
    /** {@code trapEntry}: an interrupt, NMI or page fault that the scenario injected. */
    int ORIGIN_INJECTED = 3;

    /** {@code textWrite}: a store of the guest. */
    int BY_GUEST = 1;
    /** {@code textWrite}: {@link Machine#poke} as a debugger. */
    int BY_DEBUGGER = 2;
    /** {@code textWrite}: {@link Machine#poke} as a fault injection. */
    int BY_INJECTION = 3;

    /** {@code switchCpu}: the scheduler chose another CPU. */
    int SWITCH_SCHEDULED = 1;
    /** {@code switchCpu}: the scheduler chose a CPU that is halted or not started, the next runnable one runs. */
    int SWITCH_HALTED = 2;

    /** {@code injected}: NMI; a = 0. */
    int INJECT_NMI = 1;
    /** {@code injected}: interrupt; a = vector. */
    int INJECT_IRQ = 2;
    /** {@code injected}: bytes poked; a = linear address, b = size. */
    int INJECT_POKE = 3;
    /** {@code injected}: page made not present; a = linear address, b = number of faults until it comes back. */
    int INJECT_HIDE_PAGE = 4;
    /** {@code injected}: page made present again; a = linear address. */
    int INJECT_SHOW_PAGE = 5;

    /**
     * Asks for a log that the machine is to fill from now on, with the status flags and everything else that happens, so
     * that another thread can be told of it later. Then only what is rare is told at once: {@link #switchCpu}, {@link #note},
     * {@link #injected}, {@link #ended}. Where no log is given, everything is.
     *
     * @param full null when the listener is attached, then the log that the machine filled and has done with
     * @return an empty log, or null
     */
    default @Nullable FlagLog flagLog(@Nullable FlagLog full) {
        return null;
    }

    /** An instruction or a trap delivery wrote EFLAGS, be the value new or not. {@code cause} is a CAUSE constant. */
    default void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {}

    /** A store changed or rewrote the saved EFLAGS dword of live trap frame {@code frame}; whole dword before/after. */
    default void frameWrite(int cpu, long step, int eip, int old, int now, int frame) {}

    /**
     * A trap or interrupt was delivered.
     *
     * @param eip the instruction at which it happened (for interrupts: the next instruction)
     * @param vector 0–255
     * @param errorCode the pushed error code, or -1 if the vector has none
     * @param cs CS selector as pushed
     * @param pushedEip EIP as pushed
     * @param pushedEflags EFLAGS as pushed
     * @param esp ESP before the frame was pushed (of the interrupted code)
     * @param cr2 CR2; defined for #PF only, else 0
     * @param dr6 DR6; defined for #DB only, else 0
     * @param origin an ORIGIN constant
     * @param frame id of the frame that this entry opened, from 1
     */
    default void trapEntry(
            int cpu,
            long step,
            int eip,
            int vector,
            int errorCode,
            int cs,
            int pushedEip,
            int pushedEflags,
            int esp,
            int cr2,
            int dr6,
            int origin,
            int frame) {}

    /**
     * An IRET completed.
     *
     * @param newEip EIP loaded
     * @param newCs CS selector loaded
     * @param newEflags EFLAGS after the IRET
     * @param newEsp ESP after the IRET
     * @param frame id of the frame it closed, or 0 if it matched none
     */
    default void trapExit(int cpu, long step, int eip, int newEip, int newCs, int newEflags, int newEsp, int frame) {}

    /** A store wrote element {@code element} of observed variable {@code index}; reported when the value changed. */
    default void variable(int cpu, long step, int eip, int index, int element, int old, int now) {}

    /**
     * Control arrived at observed function {@code index}; EAX, EDX, ECX are its regparm(3) arguments, {@code returnTo} is the
     * dword on top of the stack, 0 if it cannot be read.
     */
    default void callEntry(int cpu, long step, int eip, int index, int eax, int edx, int ecx, int returnTo) {}

    /** The RET at {@code eip} left observed function {@code index} with {@code eax} as its result. */
    default void callExit(int cpu, long step, int eip, int index, int eax) {}

    /** The guest read {@code size} (1, 2 or 4) bytes of observed text {@code index} as data. */
    default void textRead(int cpu, long step, int eip, int index, int address, int size, int value) {}

    /** Somebody ({@code by}) stored {@code size} bytes over observed text {@code index}. */
    default void textWrite(int cpu, long step, int eip, int index, int address, int size, int old, int now, int by) {}

    /**
     * Observed function {@code index} was entered, or (leaving) left, and was given a register image at {@code image}; {@code
     * frame} is the live trap frame that it is, or 0. {@code differs} has a bit for each register (by its number in
     * instructions, segments DS, ES, FS from bit 8 on) that is not what the CPU had at the trap; {@code dsEs} are the
     * selectors now in DS and, from bit 16 on, ES.
     */
    default void shown(
            int cpu,
            long step,
            int eip,
            int index,
            boolean leaving,
            int image,
            int frame,
            int shownEip,
            int shownEflags,
            int differs,
            int dsEs,
            int fs) {}

    /** Control arrived at an instruction in observed text {@code index} that is watched for it. */
    default void textRun(int cpu, long step, int eip, int index) {}

    /** A store hit the stack right above live trap frame {@code frame}: {@code size} bytes of the interrupted code's. */
    default void stackWrite(int cpu, long step, int eip, int address, int size, int old, int now, int frame) {}

    /** The machine goes on with CPU {@code to}; {@code from} is -1 at the start. */
    default void switchCpu(long step, int from, int to, int reason) {}

    /** The guest left a note through port 0x540: kind 1 mark, 2 warn, 3 bug, 4 die. */
    default void note(int cpu, long step, int eip, int kind, String text, int value) {}

    /** Something was done to the machine from outside; {@code kind} is an INJECT constant. */
    default void injected(int cpu, long step, int kind, int a, int b) {}

    /** Who is to be told at once, besides; asked once, when the listener is attached. */
    default @Nullable Follower follower() {
        return null;
    }

    /** The run is over for good. */
    default void ended(long step, int cpu, EndReason reason, String detail) {}
}
