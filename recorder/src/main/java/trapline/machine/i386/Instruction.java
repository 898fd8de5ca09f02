package trapline.machine.i386;

/**
 * One decoded instruction at one address. Executing it changes the CPU and nothing in here, so it can run any number of
 * times. EIP is set by instructions that transfer control only; all others leave it to the strip.
 */
abstract class Instruction {
    /** Offset in CS of the instruction. */
    final int eip;
    /** Offset in CS of the one that follows in memory. */
    final int next;
    /** Whether every execution writes the status flags; an instruction that writes EFLAGS otherwise tells the observer. */
    final boolean writesStatus;

    final boolean endsBlock;
    final boolean isReturn;
    /** Must be the first instruction of its strip: it asks for the current step. */
    final boolean isAlone;
    /** The next in its strip; the last one's is itself. */
    Instruction following = this;

    Instruction(Decoded d) {
        this(d, d.row.writesStatus);
    }

    Instruction(Decoded d, boolean writesStatus) {
        eip = d.eip;
        next = d.next;
        this.writesStatus = writesStatus;
        endsBlock = d.row.endsBlock;
        isReturn = d.row.isReturn;
        isAlone = d.row.isAlone;
    }

    abstract void execute(Cpu c);
}
