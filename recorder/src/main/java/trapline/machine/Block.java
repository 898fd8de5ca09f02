package trapline.machine;

import org.jspecify.annotations.Nullable;

/**
 * Instructions that execute one after the other: decoded once, run many times. A block belongs to one CPU, lies within one
 * physical page (a lone instruction may reach into the next) and ends where control may go elsewhere.
 */
final class Block {
    static final int LENGTH_MAX = 64;
    /** A key that nothing has: dead, or never to be reached without a lookup. */
    static final long NO_KEY = -1;

    static final Block NONE = new Block();

    /**
     * Under which circumstances the block may run without a lookup: the CPU's context (what fetches depend on: paging, CS,
     * CPL, flat segments) in the high half, EIP in the low half.
     */
    long key = NO_KEY;

    final Cpu cpu;
    final Instruction[] code;
    /** What begins the block, and how much it is: a run into a log needs no more of {@link #code}. */
    final Instruction first;

    final int length;
    final int eip;
    /** EIP after the last instruction. */
    final int end;

    final int physical;
    /** Physical address of the second page, or -1. */
    final int physicalNext;

    final int bytes;
    final int csBase;
    final boolean big;
    final boolean flat;
    boolean dead;

    /** Index of the observed function that starts here, or -1. */
    int function = -1;
    /** Whether the last instruction is a near or far RET. */
    final boolean endsInReturn;
    /** A stop address: never run without a lookup. */
    boolean stop;

    /** The blocks that followed last. */
    Block link0;

    Block link1;

    /** Next in the bucket of the owner's table. */
    Block bucketNext;

    /** Made when the block is first run into a log. */
    @Nullable FlagWrites writes;

    /** When a log gave it a number, and which: see {@link FlagLog}. */
    long numbering;

    int number;

    @SuppressWarnings("NullAway") // NONE: never executed, its key matches nothing
    private Block() {
        cpu = null;
        code = new Instruction[0];
        first = null;
        length = 0;
        eip = 0;
        end = 0;
        physical = -1;
        physicalNext = -1;
        bytes = 0;
        csBase = 0;
        big = false;
        flat = false;
        endsInReturn = false;
        link0 = this;
        link1 = this;
        bucketNext = this;
        dead = true;
    }

    Block(Cpu cpu, Instruction[] code, int eip, int end, int physical, int physicalNext) {
        this.cpu = cpu;
        this.code = code;
        this.first = code[0];
        this.length = code.length;
        this.eip = eip;
        this.end = end;
        this.physical = physical;
        this.physicalNext = physicalNext;
        this.bytes = end - eip;
        this.csBase = cpu.seg.base[Cpu.CS];
        this.big = cpu.isCodeBig();
        this.flat = cpu.flat;
        this.endsInReturn = code[code.length - 1].isReturn;
        link0 = NONE;
        link1 = NONE;
        bucketNext = NONE;
    }

    FlagWrites flagWrites() {
        FlagWrites known = writes;
        if (known == null) {
            known = new FlagWrites(cpu.id, code);
            writes = known;
        }
        return known;
    }

    /** Whether a store of {@code size} bytes at a physical address within one page hits the block's bytes. */
    boolean covers(int address, int size) {
        int inFirst = physicalNext == -1 ? bytes : PageMarks.PAGE_BYTES - (physical & 0xfff);
        return overlaps(address, size, physical, inFirst)
                || (physicalNext != -1 && overlaps(address, size, physicalNext, bytes - inFirst));
    }

    private static boolean overlaps(int address, int size, int from, int length) {
        return address - from < length && from - address < size;
    }

    /** Marks the dwords of the block's bytes that lie in a page. */
    void markIn(PageMarks marks, int page) {
        int inFirst = physicalNext == -1 ? bytes : PageMarks.PAGE_BYTES - (physical & 0xfff);
        if (physical >>> 12 == page) {
            marks.mark(PageMarks.CODE, physical & 0xfff, inFirst);
        }
        if (physicalNext != -1 && physicalNext >>> 12 == page) {
            marks.mark(PageMarks.CODE, 0, bytes - inFirst);
        }
    }

    /** The bytes changed: never run again; if the owner is in the middle of it, it leaves after this instruction. */
    void kill() {
        dead = true;
        key = NO_KEY;
        cpu.limit = 0;
        cpu.executor.remove(this);
    }
}
