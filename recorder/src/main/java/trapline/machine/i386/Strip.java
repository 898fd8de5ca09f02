package trapline.machine.i386;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import trapline.machine.bus.DecodedCode;
import trapline.machine.bus.PageMarks;
import trapline.machine.tape.StripSites;
import trapline.machine.tape.Tape;
import trapline.machine.tape.TapeStrip;

/**
 * Instructions that execute one after the other: decoded once, run many times. A strip belongs to one CPU, lies within one
 * physical page (a lone instruction may reach into the next) and ends where control may go elsewhere.
 */
final class Strip extends TapeStrip implements DecodedCode {
    static final int LENGTH_MAX = Tape.STRIP_LENGTH_MAX;
    /** A key that nothing has: dead, or never to be reached without a lookup. */
    static final long NO_KEY = -1;

    static final Strip NONE = new Strip();

    /**
     * Under which circumstances the strip may run without a lookup: the CPU's context (what fetches depend on: paging, CS,
     * CPL, flat segments) in the high half, EIP in the low half.
     */
    long key = NO_KEY;

    private final Cpu cpu;
    private final StripCache owner;
    final Instruction[] code;
    /** What begins the strip, and how much it is: a run into a tape needs no more of {@link #code}. */
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

    /** The strips that followed last. */
    Strip link0;

    Strip link1;

    /** Next in the bucket of the owner's table. */
    Strip bucketNext;

    /** Made when the strip is first run into a tape. */
    @Nullable StripSites writes;

    @SuppressWarnings("NullAway") // NONE: never executed, its key matches nothing
    private Strip() {
        cpu = null;
        owner = null;
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

    Strip(Cpu cpu, StripCache owner, Instruction[] code, int eip, int end, int physical, int physicalNext) {
        this.cpu = cpu;
        this.owner = owner;
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

    @Override
    protected StripSites sites() {
        StripSites known = writes;
        if (known == null) {
            int[] indices =
                    IntStream.range(0, length).filter(i -> code[i].writesStatus).toArray();
            int[] eips = IntStream.of(indices).map(i -> code[i].eip).toArray();
            known = new StripSites(
                    cpu.id, IntStream.range(0, length).map(i -> code[i].eip).toArray(), indices, eips);
            writes = known;
        }
        return known;
    }

    @Override
    public boolean isDead() {
        return dead;
    }

    @Override
    public boolean covers(int address, int size) {
        int inFirst = physicalNext == -1 ? bytes : PageMarks.PAGE_BYTES - (physical & 0xfff);
        return overlaps(address, size, physical, inFirst)
                || (physicalNext != -1 && overlaps(address, size, physicalNext, bytes - inFirst));
    }

    private static boolean overlaps(int address, int size, int from, int length) {
        return address - from < length && from - address < size;
    }

    @Override
    public void markIn(PageMarks marks, int page) {
        int inFirst = physicalNext == -1 ? bytes : PageMarks.PAGE_BYTES - (physical & 0xfff);
        if (physical >>> 12 == page) {
            marks.mark(PageMarks.CODE, physical & 0xfff, inFirst);
        }
        if (physicalNext != -1 && physicalNext >>> 12 == page) {
            marks.mark(PageMarks.CODE, 0, bytes - inFirst);
        }
    }

    /** The bytes changed: never run again; a CPU that is in the middle of it leaves after this instruction. */
    @Override
    public void kill() {
        dead = true;
        key = NO_KEY;
        cpu.limit = 0;
        owner.remove(this);
    }
}
