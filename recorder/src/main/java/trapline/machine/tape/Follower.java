package trapline.machine.tape;

/**
 * Is told of some things at once, on the machine's thread and in the midst of an instruction, where a {@link
 * MachineListener} may be told later. It must not change the machine, but may try instructions and ask a CPU to tell of each
 * instruction that it executes.
 *
 * <p>Each method comes right after the listener's of the same event.
 */
public interface Follower {

    /**
     * A trap was delivered; the CPU is in the state in which its handler begins.
     *
     * @param cpu CPU number
     * @param trap reused
     * @param frame id of the frame
     */
    default void trapEntered(int cpu, TrapRecord trap, int frame) {}

    /** An IRET completed; {@code frame} is the id of the frame that it closed, or 0. */
    default void trapLeft(int cpu, int frame) {}

    /** Element {@code element} of observed variable {@code entry} changed. */
    default void variable(int cpu, int entry, int element, int now) {}

    /** Observed text {@code entry} was stored to. */
    default void text(int entry, int address, int size, int old, int now) {}

    /** Control arrived at observed function {@code entry}. */
    default void called(int cpu, int entry) {}

    /** Observed function {@code entry} returned; its result is in EAX. */
    default void returned(int cpu, int entry) {}

    /** The CPU is about to execute the next instruction; comes while it was asked for. */
    default void boundary(int cpu) {}

    /** Something was done to the machine from outside, or memory was replaced as a whole. */
    default void disturbed() {}

    /** The machine went to another state: nothing that was followed goes on. */
    default void forget() {}
}
