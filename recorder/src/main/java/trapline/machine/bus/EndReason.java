package trapline.machine.bus;

/** Why a run returned. */
public enum EndReason {
    /** The guest wrote its exit code to port 0xf4. */
    EXIT(true),
    /** Every CPU is halted (or not started) and nothing is pending that could wake one. */
    HALTED(true),
    /** Triple fault: a trap could not be delivered, nor the double fault (Intel SDM vol. 3A §6.15, #DF). */
    TRIPLE_FAULT(true),
    /** An instruction or a processor feature that the machine does not implement; the detail names it. */
    UNSUPPORTED(true),
    /** Instructions were to be fetched from physical memory that is not there. */
    NO_CODE(true),
    /** The step limit of this {@code Machine.run} was reached; the run can go on. */
    STEP_LIMIT(false),
    /** A CPU is about to execute an address given to {@code Machine.stopBefore}; the run can go on. */
    STOP_ADDRESS(false),
    /** {@code Machine.requestStop()} was called; the run can go on. */
    STOP_REQUESTED(false);

    private final boolean isFinal;

    EndReason(boolean isFinal) {
        this.isFinal = isFinal;
    }

    /** Whether the machine cannot go on. */
    public boolean isFinal() {
        return isFinal;
    }
}
