package trapline.machine.tape;

/** A trap or interrupt on its way to its handler; a CPU fills in the same one again and again. */
public final class TrapRecord {
    /** The instruction at which it happened (for interrupts: the next instruction). */
    public int from;

    /** 0–255. */
    public int vector;

    /** The error code to be pushed, or -1 if the vector has none. */
    public int errorCode;

    /** An ORIGIN constant of {@link MachineListener}. */
    public int origin;

    /** CS selector of the interrupted code. */
    public int cs;

    /** EIP to be pushed. */
    public int eip;

    /** EFLAGS to be pushed. */
    public int eflags;

    /** ESP before the frame was pushed. */
    public int esp;

    /** EFLAGS before anything was cleared on the way to the handler. */
    public int eflagsBefore;

    /** Linear address of the pushed EIP. */
    public int frameAt;

    /** From there to the pushed EFLAGS, in bytes. */
    public int flagsOffset;

    /** CR2; defined for #PF only, else 0. */
    public int cr2;

    /** DR6; defined for #DB only, else 0. */
    public int dr6;

    /** Nothing filled in. */
    public TrapRecord() {}
}
