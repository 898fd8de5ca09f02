package trapline.machine.i386;

/** A handler's gate and frame while they are worked out; scratch of {@link ProtectedEntry}. */
final class EntryFrame {
    /** 1 if the event is not a software interrupt: the EXT bit of error codes. */
    int external;

    int gateLow;
    int gateHigh;

    /** The code segment, its descriptor and privilege level. */
    int codeSelector;

    int codeLow;
    int codeHigh;
    int level;
    /** Whether the handler is more privileged, so that the stack changes. */
    boolean inner;

    /** Bytes of a value that is pushed. */
    int size;

    // The stack that the frame goes to.
    int stackSelector;
    int stackLow;
    int stackHigh;
    int stackBase;
    int stackPointer;
    int stackMask;
    int stackLimit;
    int stackAttributes;
    int stackFault;
    boolean stackUser;
}
