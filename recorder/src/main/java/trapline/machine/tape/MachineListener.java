package trapline.machine.tape;

import org.jspecify.annotations.Nullable;

/**
 * Who is told what happens in a running machine. A machine without a listener pays nothing for it.
 *
 * <p>There are two ways. A listener that gives the machine a {@link Tape} gets it back when it is full, and makes events of
 * it when it likes; one that does not is told of each row at once.
 *
 * <p><b>Order.</b> Rows come in the order in which the effects happen. Where one instruction has several effects:
 *
 * <ol>
 *   <li>memory: {@code TEXT_READ}, then {@code TEXT_WRITE}, {@code VARIABLE} and {@code EFLAGS_WRITE} of frames for each
 *       store;
 *   <li>{@code EFLAGS_WRITE} of the instruction itself;
 *   <li>IRET: {@code EFLAGS_WRITE} (cause {@link #CAUSE_IRET}) right before {@code TRAP_EXIT};
 *   <li>trap delivery: {@code TRAP_ENTRY}, then {@code EFLAGS_WRITE} with cause {@link #CAUSE_GATE};
 *   <li>{@code CALL_EXIT} after the RET, {@code CALL_ENTRY} before the first instruction of the function.
 * </ol>
 *
 * <p>The stores of a trap delivery itself (the pushed frame) are not reported unless they hit a watched variable. RF in
 * EFLAGS is cleared by the processor after the instruction that follows an IRET; that is not an instruction's write and has
 * no row.
 *
 * <p>A listener must not change the machine from inside a callback, except by {@code Machine.requestStop()}. The constants
 * are what rows hold; they count from 0 in the order in which events name them.
 */
public interface MachineListener {

    /** {@code EFLAGS_WRITE}: arithmetic, logic, shifts, compares, BT*, … */
    int CAUSE_ALU = 0;
    /** {@code EFLAGS_WRITE}: POPF. */
    int CAUSE_POPF = 1;
    /** {@code EFLAGS_WRITE}: IRET. */
    int CAUSE_IRET = 2;
    /** {@code EFLAGS_WRITE}: the clearing of TF, NT, RF and, for interrupt gates, IF when a trap is delivered. */
    int CAUSE_GATE = 3;
    /** {@code EFLAGS_WRITE}: STI, CLI. */
    int CAUSE_STI_CLI = 4;
    /** {@code EFLAGS_WRITE}: CLD, STD. */
    int CAUSE_CLD_STD = 5;
    /** {@code EFLAGS_WRITE}: CLC, STC, CMC. */
    int CAUSE_CARRY = 6;
    /** {@code EFLAGS_WRITE}: SAHF. */
    int CAUSE_SAHF = 7;
    /** {@code EFLAGS_WRITE}: a store to the saved EFLAGS of a live trap frame. */
    int CAUSE_FRAME = 8;

    /** {@code TRAP_ENTRY}: raised by the instruction at {@code eip}. */
    int ORIGIN_INSTRUCTION = 0;
    /** {@code TRAP_ENTRY}: an interrupt that the guest's own devices (local APICs) sent. */
    int ORIGIN_EXTERNAL = 1;
    /** {@code TRAP_ENTRY}: an interrupt, NMI or page fault that the scenario injected. */
    int ORIGIN_INJECTED = 2;

    /** {@code TEXT_WRITE}: a store of the guest. */
    int BY_GUEST = 0;
    /** {@code TEXT_WRITE}: {@code Machine.poke} as a debugger. */
    int BY_DEBUGGER = 1;
    /** {@code TEXT_WRITE}: {@code Machine.poke} as a fault injection. */
    int BY_INJECTION = 2;

    /** {@code SWITCH}: the scheduler chose another CPU. */
    int SWITCH_SCHEDULED = 0;
    /** {@code SWITCH}: the scheduler chose a CPU that is halted or not started, the next runnable one runs. */
    int SWITCH_HALTED = 1;
    /** {@code SWITCH}: the scheduler was ordered to choose that CPU. */
    int SWITCH_ORDERED = 2;
    /** {@code SWITCH}: the first CPU of the run. */
    int SWITCH_START = 3;

    /** {@code INJECT}: NMI. */
    int INJECT_NMI = 0;
    /** {@code INJECT}: interrupt; number = vector. */
    int INJECT_IRQ = 1;
    /** {@code INJECT}: bytes poked; number = linear address, value = size. */
    int INJECT_POKE = 2;
    /** {@code INJECT}: page made not present, or again present with 0; number = linear address, value = faults until then. */
    int INJECT_PAGE = 3;

    /**
     * Asks for a tape that the machine is to fill from now on.
     *
     * @param full null when the listener is attached, then the tape that the machine filled and has done with
     * @return an empty tape, or null: {@link #happened} is to be called for each row
     */
    default @Nullable Tape tape(@Nullable Tape full) {
        return null;
    }

    /** Something happened. Not called while the machine fills a tape. */
    default void happened(TapeReader row) {}

    /** Who is to be told at once, besides; asked once, when the listener is attached. */
    default @Nullable Follower follower() {
        return null;
    }
}
