package trapline.replay;

/**
 * The life of one probe hit, from its #BP to its completion. Reused after its completion: copy what must last.
 *
 * <pre>
 *            ┌► VANISHED, PASSED, CONTINUATION, DIRECT
 * #BP ─ ENTERED ─► STEPPING ─ #DB ─► STEPPED
 *            │        │  └── fault ─► CANCELLED
 *            │        └────────────► ABANDONED
 *            └► HANDED_OVER ─ #BP ─► STEPPING or DIRECT
 * </pre>
 */
public final class Life {

    int cpu;
    Outcome outcome = Outcome.ENTERED;
    long address;
    long pushedEflags;
    long esp;
    int baseDepth;
    long hitOrdinal;
    long hitStep;
    long hitIcount;
    long currentAtHit;
    int statusAtHit;
    boolean currentKnown;
    long preemptAtHit;
    long probe;
    boolean found;
    boolean claimed;
    boolean popped;
    boolean strayPop;
    long claimOrdinal;
    long popOrdinal;
    long slot;
    long leftOrdinal;
    long leftStep;
    long leftIcount;
    long leftIp;
    long leftEflags;
    long trapOrdinal;
    long trapStep;
    int trapVector;
    long trapIp;
    long trapEip;
    long trapEflags;
    long trapDr6;
    long trapIcount;
    long flagLoadOrdinal;
    long flagLoad;
    long handlerWrote;
    long handlerWroteOrdinal;
    int preCalls;
    int preResult;
    long movedOrdinal;
    long movedIp;
    boolean movedByPost;
    long handlerRegisters;
    long writtenIn;
    int postCalls;
    int handlerCalls;
    int missed;
    int handlerResult;
    long handlerResultOrdinal;
    long endOrdinal;
    long endStep;
    long endIcount;
    long endIp;
    long endEflags;
    long endPreempt;
    long preemptOrdinal;
    long oldAtHit;
    long savedAtHit;
    boolean hitKnown;
    boolean leftKnown;
    long leftOld;
    long leftSaved;
    boolean handedOver;
    boolean reentered;

    void begin(Frame frame, CpuState cpu) {
        this.cpu = cpu.number();
        outcome = Outcome.ENTERED;
        address = frame.ip - 1;
        pushedEflags = frame.pushedEflags;
        esp = frame.esp;
        baseDepth = cpu.depth() - 1;
        hitOrdinal = frame.entryOrdinal;
        hitStep = frame.entryStep;
        hitIcount = frame.entryIcount;
        currentAtHit = frame.current;
        statusAtHit = frame.status;
        currentKnown = cpu.currentKnown();
        preemptAtHit = cpu.preemptByKprobes;
        probe = 0;
        found = false;
        claimed = false;
        popped = false;
        strayPop = false;
        claimOrdinal = -1;
        popOrdinal = -1;
        slot = 0;
        leftOrdinal = -1;
        trapOrdinal = -1;
        trapVector = -1;
        flagLoadOrdinal = -1;
        flagLoad = 0;
        handlerWrote = 0;
        handlerWroteOrdinal = -1;
        preCalls = 0;
        preResult = 0;
        movedOrdinal = -1;
        movedIp = 0;
        movedByPost = false;
        handlerRegisters = 0;
        writtenIn = -1;
        postCalls = 0;
        handlerCalls = 0;
        missed = 0;
        handlerResult = -1;
        handlerResultOrdinal = -1;
        endOrdinal = -1;
        endPreempt = 0;
        preemptOrdinal = -1;
        oldAtHit = cpu.oldEflags;
        savedAtHit = cpu.savedEflags;
        hitKnown = cpu.statusKnown && cpu.copiesKnown();
        leftKnown = false;
        leftOld = 0;
        leftSaved = 0;
        handedOver = false;
        reentered = false;
    }

    /** Number of its CPU. */
    public int cpu() {
        return cpu;
    }

    /** How far it is, or how it ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** Address of the int3. */
    public long address() {
        return address;
    }

    /** EFLAGS as the #BP pushed them. */
    public long pushedEflags() {
        return pushedEflags;
    }

    /** ESP at the #BP. */
    public long esp() {
        return esp;
    }

    /** Number of live trap frames below its own. */
    public int baseDepth() {
        return baseDepth;
    }

    /** Ordinal of its #BP. */
    public long hitOrdinal() {
        return hitOrdinal;
    }

    /** Step of its #BP. */
    public long hitStep() {
        return hitStep;
    }

    /** Instructions retired on its CPU before its #BP. */
    public long hitIcount() {
        return hitIcount;
    }

    /** current_kprobe at its #BP. */
    public long currentAtHit() {
        return currentAtHit;
    }

    /** kprobe_status at its #BP. */
    public int statusAtHit() {
        return statusAtHit;
    }

    /** Whether current_kprobe was known at its #BP; it is not after lost events. */
    public boolean currentKnown() {
        return currentKnown;
    }

    /** Whether another probe was current when it hit. */
    public boolean isReentry() {
        return currentAtHit != 0;
    }

    /** Address of the probe's struct kprobe; 0 while it is not known. */
    public long probe() {
        return probe;
    }

    /** Whether the lookup found a probe at its address. */
    public boolean found() {
        return found;
    }

    /** Whether its handler made its probe current. */
    public boolean claimed() {
        return claimed;
    }

    /** Whether current_kprobe was reset or restored for it. */
    public boolean popped() {
        return popped;
    }

    /** Whether a trap that was none of its own reset current_kprobe. */
    public boolean strayPop() {
        return strayPop;
    }

    /** Ordinal of the store that made its probe current, or -1. */
    public long claimOrdinal() {
        return claimOrdinal;
    }

    /** Ordinal of the store that reset or restored current_kprobe, or -1. */
    public long popOrdinal() {
        return popOrdinal;
    }

    /** Where the step began: its slot, or its address if it is stepped in line; 0 if it is not stepped. */
    public long slot() {
        return slot;
    }

    /** Ordinal of the IRET that left its #BP, or -1. */
    public long leftOrdinal() {
        return leftOrdinal;
    }

    /** Step of the IRET that left its #BP. */
    public long leftStep() {
        return leftStep;
    }

    /** Instructions retired on its CPU before the IRET that left its #BP. */
    public long leftIcount() {
        return leftIcount;
    }

    /** Where the IRET of its #BP went. */
    public long leftIp() {
        return leftIp;
    }

    /** EFLAGS that the IRET of its #BP loaded. */
    public long leftEflags() {
        return leftEflags;
    }

    /** Ordinal of the trap that ended its step, or -1. */
    public long trapOrdinal() {
        return trapOrdinal;
    }

    /** Step of the trap that ended its step. */
    public long trapStep() {
        return trapStep;
    }

    /** Vector of the trap that ended its step, or -1. */
    public int trapVector() {
        return trapVector;
    }

    /** The ip pushed by the trap that ended its step. */
    public long trapIp() {
        return trapIp;
    }

    /** Address of the instruction at which the trap that ended its step was taken. */
    public long trapEip() {
        return trapEip;
    }

    /** EFLAGS pushed by the trap that ended its step: what the instruction left. */
    public long trapEflags() {
        return trapEflags;
    }

    /** DR6 at the trap that ended its step. */
    public long trapDr6() {
        return trapDr6;
    }

    /** Instructions retired on its CPU before the trap that ended its step. */
    public long trapIcount() {
        return trapIcount;
    }

    /** Whether the stepped instruction loaded EFLAGS or wrote IF: popf, iret, sti, cli. */
    public boolean loadedFlags() {
        return flagLoadOrdinal >= 0;
    }

    /** Ordinal of the event in which the stepped instruction loaded EFLAGS, or -1. */
    public long flagLoadOrdinal() {
        return flagLoadOrdinal;
    }

    /** EFLAGS that the stepped instruction loaded. */
    public long flagLoad() {
        return flagLoad;
    }

    /** The EFLAGS bits that a user handler of it changed in the saved image. */
    public long handlerWrote() {
        return handlerWrote;
    }

    /** What its pre_handlers returned, or-ed. */
    public int preResult() {
        return preResult;
    }

    /** Ordinal of the event in which a handler that had written ip of the saved registers returned, or -1. */
    public long movedOrdinal() {
        return movedOrdinal;
    }

    /** Where a handler of it has sent the probed code, if {@link #movedOrdinal()} says that one has. */
    public long movedIp() {
        return movedIp;
    }

    /** Whether that was a post_handler. */
    public boolean movedByPost() {
        return movedByPost;
    }

    /** General registers and segments that handlers of it wrote in the saved image: a bit for each, as events have it. */
    public long handlerRegisters() {
        return handlerRegisters;
    }

    /** Ordinal of the trap in which handlers of it wrote {@link #handlerRegisters()}, or -1. */
    public long writtenIn() {
        return writtenIn;
    }

    /** Calls of pre_handlers in it. */
    public int preCalls() {
        return preCalls;
    }

    /** Calls of post_handlers in it. */
    public int postCalls() {
        return postCalls;
    }

    /** Calls of any user handlers in it. */
    public int handlerCalls() {
        return handlerCalls;
    }

    /** Times that an nmissed of any probe was raised in its #BP. */
    public int missed() {
        return missed;
    }

    /** What kprobe_handler returned for it: 1 ours, 0 somebody else's, -1 unknown. */
    public int handlerResult() {
        return handlerResult;
    }

    /** Ordinal of that return, or -1. */
    public long handlerResultOrdinal() {
        return handlerResultOrdinal;
    }

    /** Ordinal of the IRET that completed it, or -1. */
    public long endOrdinal() {
        return endOrdinal;
    }

    /** Step of the IRET that completed it. */
    public long endStep() {
        return endStep;
    }

    /** Instructions retired on its CPU before the IRET that completed it. */
    public long endIcount() {
        return endIcount;
    }

    /** Where the IRET that completed it went. */
    public long endIp() {
        return endIp;
    }

    /** EFLAGS that the IRET that completed it loaded. */
    public long endEflags() {
        return endEflags;
    }

    /** {@link CpuState#preemptByKprobes()} at its #BP. */
    public long preemptAtHit() {
        return preemptAtHit;
    }

    /** Net change of preempt_count by kprobes code during it. */
    public long preemptDelta() {
        return endPreempt - preemptAtHit;
    }

    /** Ordinal of the last change of preempt_count during it that counts, or -1. */
    public long preemptOrdinal() {
        return preemptOrdinal;
    }

    /** kprobe_old_eflags at its #BP. */
    public long oldAtHit() {
        return oldAtHit;
    }

    /** kprobe_saved_eflags at its #BP. */
    public long savedAtHit() {
        return savedAtHit;
    }

    /** Whether status and copies of the flags were known at its #BP; behind lost events they may not be. */
    public boolean hitKnown() {
        return hitKnown;
    }

    /** Whether the copies of the flags were known when the handler of its #BP was done. */
    public boolean leftKnown() {
        return leftKnown;
    }

    /** kprobe_old_eflags when the handler of its #BP was done. */
    public long leftOld() {
        return leftOld;
    }

    /** kprobe_saved_eflags when the handler of its #BP was done. */
    public long leftSaved() {
        return leftSaved;
    }

    /** Whether a pre_handler handed it over at some time. */
    public boolean handedOver() {
        return handedOver;
    }

    /** Whether it was in status KPROBE_REENTER when the handler of its #BP was done. */
    public boolean reentered() {
        return reentered;
    }

    /** Whether an address lies in its slot (16 bytes) or, if it is stepped in line, at its instruction. */
    public boolean inSlot(long eip) {
        return slot != 0 && eip >= slot && eip - slot < (slot == address ? 1 : 16);
    }
}
