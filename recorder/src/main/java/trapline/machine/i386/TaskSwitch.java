package trapline.machine.i386;

/** What {@link Tasks} leaves behind of a switch: where the old task's frame is, and a fault still to be delivered. */
final class TaskSwitch {
    static final int NO_FAULT = -1;

    final int[] selectors = new int[6];
    /** Linear address of the EIP in the TSS that holds the interrupted task. */
    int frameAt;
    /** From there to EFLAGS. */
    int flagsOffset;

    /** A fault of loading the new task's segments that is still to be delivered. */
    int lateVector = NO_FAULT;

    int lateCode;
}
