package trapline.machine.tape;

/** A CPU as an {@link Observer} sees it: nothing here changes it. */
public interface ObservedCpu {

    /** The CPU's number. */
    int id();

    /** How many instructions ran since the machine's clock was brought up to date. */
    int index();

    /** The next instruction. */
    int eip();

    /** The running instruction; kept only while a listener is told of each EFLAGS write. */
    int eipOfRunning();

    /** Whether a trap frame is being pushed. */
    boolean isDelivering();

    /** EFLAGS. */
    int eflags();

    /** A general register, by its number in instructions. */
    int reg(int number);

    /** Selector of the code segment. */
    int codeSelector();

    /** Selector of a segment, by its number in instructions. */
    int selector(int segment);

    /** Linear address of the top of the stack. */
    int stackTop();

    /** Physical address of a linear one, with no fault and no accessed bit; -1 if there is none. */
    long lookUp(int linear);

    /** The dword at a linear address, with no event; bytes that are not mapped are 0. */
    int peek32(int linear);
}
