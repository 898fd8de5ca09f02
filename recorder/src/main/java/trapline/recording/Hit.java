package trapline.recording;

import trapline.events.HitHow;
import trapline.machine.i386.Cpu;
import trapline.machine.tape.TrapRecord;

/** A probe hit that is not over, as {@link HitWatch} follows it. Reused. */
final class Hit {

    /** Words of pt_regs: general registers, EIP, EFLAGS. */
    static final int REGS = 10;

    static final int REG_EIP = 8;
    static final int REG_EFLAGS = 9;

    /** Where the CPU is. */
    enum Phase {
        /** In the trap of its #BP. */
        IN_TRAP,
        /** Back in the interrupted context, not yet where its instruction leads. */
        OUT,
        /** In a trap that ends the step, or in the fault of the instruction. */
        IN_STEP_TRAP
    }

    int address;
    int original;
    /** Of its #BP. */
    int frame;

    int frameAt;
    /** Stack pointer of the interrupted code. */
    int esp;
    /** Live frames of its CPU, its own included. */
    int level;

    Phase phase = Phase.IN_TRAP;
    int stepFrame;
    int stepFrameAt;
    int stepVector;
    int stepAddress;
    HitHow how = HitHow.EMULATED;
    long probe;
    int excuses;
    /** The EFLAGS with which the instruction begins: as pushed, or as the last pre_handler left them. */
    int eflags;

    /** Instructions executed since it left its trap. */
    int executed;

    int lastEip;
    /** Machine's and CPU's count of instructions when it was tried. */
    long triedStep;

    long triedIcount;
    boolean isTried;

    /** What it leaves, and what it leaves if it stops after one iteration. */
    final Expectation whole = new Expectation();

    final Expectation iteration = new Expectation();
    final int[] selectors = new int[6];

    /** pt_regs when a post_handler was called. */
    final int[] beforePost = new int[REGS];

    /** Registers that a post_handler wrote, a bit for each word of pt_regs. */
    int written;

    void begin(Cpu cpu, TrapRecord trap, int originalByte, int ofFrame, int atLevel) {
        address = trap.eip - 1;
        original = originalByte;
        frame = ofFrame;
        frameAt = trap.frameAt;
        esp = trap.esp;
        level = atLevel;
        eflags = trap.eflags;
        for (int s = 0; s < selectors.length; s++) {
            selectors[s] = s == Cpu.CS ? trap.cs : cpu.selector(s);
        }
        phase = Phase.IN_TRAP;
        how = HitHow.EMULATED;
        probe = 0;
        excuses = 0;
        executed = 0;
        isTried = false;
        written = 0;
    }
}
