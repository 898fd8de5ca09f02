package trapline.replay;

/** How the life of a probe hit went on or ended. */
public enum Outcome {
    /** Its #BP is being handled. */
    ENTERED,
    /** A pre_handler returned non-zero: the probe stays current outside of the trap (jprobe). */
    HANDED_OVER,
    /** The instruction is being executed out of line with a step pending. */
    STEPPING,
    /** Ended by the trap after the step. */
    STEPPED,
    /** Ended inside its #BP without a step: boosted, emulated, or redirected by its handler. */
    DIRECT,
    /** Ended by a fault of the stepped instruction. */
    CANCELLED,
    /** The handler sent the CPU back to the instruction: the breakpoint was gone. */
    VANISHED,
    /** Nobody took it: execution goes on behind the int3. */
    PASSED,
    /** The int3 belonged to the life of an earlier hit: a longjmp, an int3 that was stepped, the int3 of a slot. */
    CONTINUATION,
    /** Execution left the step behind, and the probe is current still. */
    ABANDONED;

    /** Whether the life is over. */
    public boolean isOver() {
        return compareTo(STEPPED) >= 0;
    }
}
