package trapline.replay;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.StreamState;

/**
 * One CPU as the events so far imply it. Only the trackers of this package write it.
 *
 * <pre>
 * cpu
 * ├─ eflags, icount          (see {@link StreamState})
 * ├─ tfWriter, ifWriter      who last changed TF and IF of the register
 * ├─ frame[0..depth)         live trap frames, outermost first: {@link Frame}
 * ├─ call[0..calls)          declared functions that have not returned, each with the depth it runs at
 * ├─ kprobe
 * │   ├─ current, status     current_kprobe and kprobe_status
 * │   ├─ old, saved          kprobe_old_eflags, kprobe_saved_eflags
 * │   ├─ prev                prev_kprobe: kp, status, old, saved
 * │   └─ preempt             preempt_count, and the part of its changes that kprobes code made
 * └─ life[0..lives)          probe hits that are not over, oldest first: {@link Life}
 * </pre>
 */
public final class CpuState {

    /** Live frames and calls that are kept; deeper nesting counts as lost. */
    static final int DEPTH_MAX = StreamState.FRAMES_MAX;

    static final int LIVES_MAX = 32;

    private final int number;
    private final StreamState stream;
    private final boolean ownClock;
    final Frame[] frames = new Frame[DEPTH_MAX];
    final int[] callRows = new int[DEPTH_MAX];
    final int[] callDepths = new int[DEPTH_MAX];
    final long[] callOrdinals = new long[DEPTH_MAX];
    final long[] callArgs = new long[DEPTH_MAX];
    final Life[] lives = new Life[LIVES_MAX];
    final boolean[] callIsHandler = new boolean[DEPTH_MAX];
    final Role[] callRoles = new Role[DEPTH_MAX];
    final long[] shownIps = new long[DEPTH_MAX];
    final long[] shownDiffers = new long[DEPTH_MAX];
    int depth;
    int calls;
    int livesCount;

    @Nullable Frame closed;

    long current;
    boolean currentKnown = true;
    /** Whether all lives are known: from lost events on, not until a probe becomes current while none is. */
    boolean livesKnown = true;

    /** Whether the next three are known: each is not from lost events to its next store. */
    boolean statusKnown = true;

    boolean oldKnown = true;
    boolean savedKnown = true;
    int status;
    long oldEflags;
    long savedEflags;
    long prevKprobe;
    long prevStatus;
    long prevOldEflags;
    long prevSavedEflags;
    long preemptCount;
    long preemptByKprobes;
    long tfWriter = -1;
    long ifWriter = -1;
    long tfWriterEip;
    long ifWriterEip;
    boolean overflowed;
    boolean returned;

    /**
     * A CPU before its first event.
     *
     * @param ownClock whether its clock stands still while another CPU runs
     */
    CpuState(int number, StreamState stream, boolean ownClock) {
        this.number = number;
        this.ownClock = ownClock;
        this.stream = stream;
        for (int i = 0; i < DEPTH_MAX; i++) {
            frames[i] = new Frame();
        }
        for (int i = 0; i < LIVES_MAX; i++) {
            lives[i] = new Life();
        }
    }

    /** CPU number, from 0. */
    public int number() {
        return number;
    }

    /** EFLAGS of the CPU. */
    public int eflags() {
        return stream.eflags(number);
    }

    /** First argument of the declared function that the last call_exit returned from; see {@link #returned()}. */
    public long returnedArgument() {
        return callArgs[calls];
    }

    /** Level of the innermost call of a role that has not returned, or -1. */
    public int innermost(Role role) {
        int level = calls - 1;
        while (level >= 0 && callRoles[level] != role) {
            level--;
        }
        return level;
    }

    /** Whether a call that has not returned is of a handler that the user of a probe wrote. */
    public boolean isUserHandler(int level) {
        return callIsHandler[level];
    }

    /** First argument of a call that has not returned. */
    public long callArg(int level) {
        return callArgs[level];
    }

    /** The role of a function that has not returned. */
    public Role callRole(int level) {
        return callRoles[level];
    }

    /** The register image that a declared function was given said so when it was called: ip. */
    public long shownIp(int level) {
        return shownIps[level];
    }

    /** Level of the innermost call of a row that has not returned, or -1. */
    public int levelOf(long row) {
        int level = calls - 1;
        while (level >= 0 && callRows[level] != row) {
            level--;
        }
        return level;
    }

    /** The live frame of an id, or null. */
    public @Nullable Frame frameOf(long id) {
        for (int level = depth - 1; level >= 0; level--) {
            if (frames[level].id == id) {
                return frames[level];
            }
        }
        return null;
    }

    /** Ordinal of the call of the function that the last call_exit returned from; see {@link #returned()}. */
    public long returnedCall() {
        return callOrdinals[calls];
    }

    /** Whether a function of one of some roles has not returned, whatever it is interrupted by. */
    public boolean isIn(Set<Role> roles) {
        for (int level = 0; level < calls; level++) {
            if (roles.contains(callRoles[level])) {
                return true;
            }
        }
        return false;
    }

    /** Instructions retired on this CPU; where all CPUs run at once, the step, which is the clock of all. */
    public long icount() {
        return ownClock ? stream.icount(number) : stream.step();
    }

    /** Number of live trap frames. */
    public int depth() {
        return depth;
    }

    /**
     * A live trap frame.
     *
     * @param level 0 is the outermost
     */
    public Frame frame(int level) {
        return frames[level];
    }

    /** The innermost live trap frame, or null. */
    public @Nullable Frame top() {
        return depth == 0 ? null : frames[depth - 1];
    }

    /** The frame that the last trap_exit closed, or null; valid until the next trap_entry. */
    public @Nullable Frame closed() {
        return closed;
    }

    /** Number of declared functions that have not returned. */
    public int calls() {
        return calls;
    }

    /**
     * Row of a function that has not returned.
     *
     * @param level 0 is the outermost
     */
    public int callRow(int level) {
        return callRows[level];
    }

    /**
     * Ordinal of the call of a function that has not returned.
     *
     * @param level 0 is the outermost
     */
    public long callOrdinal(int level) {
        return callOrdinals[level];
    }

    /**
     * Number of live frames that a function that has not returned runs in.
     *
     * @param level 0 is the outermost
     */
    public int callDepth(int level) {
        return callDepths[level];
    }

    /** Whether the last call_exit ended a call that was known; that call's level is {@link #calls()} then. */
    public boolean returned() {
        return returned;
    }

    /** Whether the code that runs now is a user handler of a probe, or called by one, in the same frame. */
    public boolean inUserHandler() {
        return calls > 0 && callDepths[calls - 1] == depth && handlerAtDepth(depth);
    }

    private boolean handlerAtDepth(int atDepth) {
        for (int i = 0; i < calls; i++) {
            if (callDepths[i] == atDepth && callIsHandler[i]) {
                return true;
            }
        }
        return false;
    }

    /** current_kprobe. */
    public long current() {
        return current;
    }

    /** Whether current_kprobe is known; it is not from lost events to the next store. */
    public boolean currentKnown() {
        return currentKnown;
    }

    /** Whether all hits that are not over are known; behind lost events some may not be. */
    public boolean livesKnown() {
        return livesKnown;
    }

    /** Whether kprobe_status is known; it is not from lost events to the next store. */
    public boolean statusKnown() {
        return statusKnown;
    }

    /** Whether kprobe_old_eflags and kprobe_saved_eflags are known. */
    public boolean copiesKnown() {
        return oldKnown && savedKnown;
    }

    /** kprobe_status. */
    public int status() {
        return status;
    }

    /** kprobe_old_eflags. */
    public long oldEflags() {
        return oldEflags;
    }

    /** kprobe_saved_eflags. */
    public long savedEflags() {
        return savedEflags;
    }

    /** prev_kprobe.kp. */
    public long prevKprobe() {
        return prevKprobe;
    }

    /** prev_kprobe.status. */
    public long prevStatus() {
        return prevStatus;
    }

    /** prev_kprobe.old_eflags. */
    public long prevOldEflags() {
        return prevOldEflags;
    }

    /** prev_kprobe.saved_eflags. */
    public long prevSavedEflags() {
        return prevSavedEflags;
    }

    /** preempt_count. */
    public long preemptCount() {
        return preemptCount;
    }

    /** Sum of the changes of preempt_count that kprobes code made: not user handlers, not stepped instructions. */
    public long preemptByKprobes() {
        return preemptByKprobes;
    }

    /** Ordinal of the event that last changed TF of the register, or -1. */
    public long tfWriter() {
        return tfWriter;
    }

    /** Ordinal of the event that last changed IF of the register, or -1. */
    public long ifWriter() {
        return ifWriter;
    }

    /** Number of probe hits that are not over. */
    public int lives() {
        return livesCount;
    }

    /**
     * A probe hit that is not over.
     *
     * @param index 0 is the oldest
     */
    public Life life(int index) {
        return lives[index];
    }

    /** The latest probe hit that is not over, or null. */
    public @Nullable Life lastLife() {
        return livesCount == 0 ? null : lives[livesCount - 1];
    }

    /** Whether the stepped instruction of the latest life is what runs now. */
    public boolean inStep(long eip) {
        Life life = lastLife();
        return life != null && life.outcome == Outcome.STEPPING && depth == life.baseDepth && life.inSlot(eip);
    }

    /** Whether no trap, declared function or probe hit is open on it, no probe is current, and interrupts are enabled. */
    boolean rests() {
        return depth == 0
                && calls == 0
                && livesCount == 0
                && current == 0
                && (eflags() & (Eflags.IF | Eflags.TF)) == Eflags.IF;
    }

    void noteRegisterWrite(Event e, long changed) {
        if ((changed & Eflags.TF) != 0) {
            tfWriter = e.ordinal();
            tfWriterEip = e.ip();
        }
        if ((changed & Eflags.IF) != 0) {
            ifWriter = e.ordinal();
            ifWriterEip = e.ip();
        }
    }

    /** After lost events nothing that nests is known, nor who is current. */
    void forget() {
        depth = 0;
        calls = 0;
        livesCount = 0;
        closed = null;
        currentKnown = false;
        livesKnown = false;
        statusKnown = false;
        oldKnown = false;
        savedKnown = false;
        tfWriter = -1;
        ifWriter = -1;
    }
}
