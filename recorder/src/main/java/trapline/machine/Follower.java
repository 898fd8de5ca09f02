package trapline.machine;

/**
 * Is told of some things at once, on the machine's thread and in the midst of an instruction, where a {@link
 * MachineListener} may be told later. It must not change the machine, but may try instructions ({@link Trial}) and ask to
 * be told of each instruction ({@link Machine#followInstructions}).
 *
 * <p>Each method comes right after the listener's of the same event.
 */
public interface Follower {

    /**
     * A trap was delivered.
     *
     * @param cpu in the state in which its handler begins
     * @param vector trap vector
     * @param cs CS as pushed
     * @param eip EIP as pushed
     * @param eflags EFLAGS as pushed
     * @param esp ESP before the frame was pushed
     * @param frame id of the frame
     * @param frameAt linear address of the pushed EIP
     * @param origin an ORIGIN constant of {@link MachineListener}
     */
    default void trapEntered(
            Cpu cpu, int vector, int cs, int eip, int eflags, int esp, int frame, int frameAt, int origin) {}

    /** An IRET completed; {@code frame} is the id of the frame that it closed, or 0. */
    default void trapLeft(Cpu cpu, int frame) {}

    /** Element {@code element} of observed variable {@code entry} changed. */
    default void variable(Cpu cpu, int entry, int element, int now) {}

    /** Observed text {@code entry} was stored to. */
    default void text(int entry, int address, int size, int old, int now) {}

    /** Control arrived at observed function {@code entry}. */
    default void called(Cpu cpu, int entry) {}

    /** Observed function {@code entry} returned; its result is in EAX. */
    default void returned(Cpu cpu, int entry) {}

    /** The CPU is about to execute the next instruction; comes while {@link Machine#followInstructions} is on. */
    default void boundary(Cpu cpu) {}

    /** Something was done to the machine from outside, or memory was replaced as a whole. */
    default void disturbed() {}

    /** The machine went to another state: nothing that was followed goes on. */
    default void forget() {}
}
