package trapline.machine;

/**
 * One decoded instruction at one address. Executing it changes the CPU and nothing in here, so it can run any number of
 * times. EIP is set by instructions that transfer control only; all others leave it to the block.
 */
abstract class Instruction {
    /** Offset in CS of the instruction. */
    final int eip;
    /** Offset in CS of the one that follows in memory. */
    final int next;
    /** A CAUSE constant if every execution writes EFLAGS, 0 if none does or the instruction reports it itself. */
    final int flagCause;

    final boolean endsBlock;
    final boolean isReturn;
    /** Must be the first instruction of its block: it asks for the current step. */
    final boolean isAlone;
    /** Place in its block. */
    int index;

    Instruction(Decoded d) {
        this(d, d.row.flagCause);
    }

    Instruction(Decoded d, int flagCause) {
        eip = d.eip;
        next = d.next;
        this.flagCause = flagCause;
        endsBlock = d.row.endsBlock;
        isReturn = d.row.isReturn;
        isAlone = d.row.isAlone;
    }

    abstract void execute(Cpu c);
}
