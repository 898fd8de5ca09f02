package trapline.codec;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * What the coder expects of the next event that is not in the arithmetic column: what came the last time behind the same
 * events of the CPU, in this block. Code runs in loops, so most events come again as they were, but for what the stream's
 * state tells. Writer and reader hold equal ones, so that only surprises cost bytes.
 *
 * <p>An expected event is a view; whoever codes an event corrects the view, in three parts: CPU and address, then
 * {@link #keys}, then the other fields. So the view is the event in the end, and what is expected here from then on.
 */
public final class Succession {

    public static final int CONTEXT_BITS = 12;

    /** A view is in one of so many places. */
    private static final int PLACES = 8;

    /** So many bits of a history go with each event: eight events make one. */
    private static final int FADING_BITS = 4;

    /** In {@link #run}: bits below the count. */
    static final int RUN_SHIFT = 6;

    static final int RUN_FLAGS_MASK = (1 << RUN_SHIFT) - 1;

    private static final int HASH_FACTOR = 0x9e3779b1;

    private static final StreamState NOTHING = new StreamState(1, List.of());
    private static final long[] NO_VALUES = new long[EventKind.FIELDS_MAX];
    private static final int[] KEYS = new int[EventKind.values().length];
    private static final int[] TOLD_BY_STATE = new int[EventKind.values().length];

    static {
        TOLD_BY_STATE[EventKind.TRAP_ENTRY.code()] = 1 << TrapEntry.EFLAGS | 1 << TrapEntry.FRAME;
        TOLD_BY_STATE[EventKind.TRAP_EXIT.code()] = 1 << TrapExit.EFLAGS | 1 << TrapExit.FRAME;
        TOLD_BY_STATE[EventKind.EFLAGS_WRITE.code()] = 1 << EflagsWrite.OLD;
        TOLD_BY_STATE[EventKind.SHOWN.code()] = 1 << Shown.EFLAGS | 1 << Shown.FRAME;
        TOLD_BY_STATE[EventKind.STACK_WRITE.code()] = 1 << StackWrite.FRAME;
        TOLD_BY_STATE[EventKind.HIT_END.code()] = 1 << HitEnd.FRAME;
        TOLD_BY_STATE[EventKind.HIT_DIFFERENCE.code()] = 1 << HitDifference.FRAME;
        KEYS[EventKind.EFLAGS_WRITE.code()] = 1 << EflagsWrite.CAUSE | 1 << EflagsWrite.FRAME;
        for (EventKind kind : new EventKind[] {EventKind.KPROBE_STATUS, EventKind.CURRENT_KPROBE, EventKind.WATCH}) {
            KEYS[kind.code()] = 1 << Variable.VARIABLE | 1 << Variable.ELEMENT;
            TOLD_BY_STATE[kind.code()] = 1 << Variable.OLD;
        }
    }

    private final @Nullable Event[] views = new Event[1 << CONTEXT_BITS];
    private final boolean[] known = new boolean[1 << CONTEXT_BITS];
    /** For each view the history that leads to it. */
    private final int[] led = new int[1 << CONTEXT_BITS];
    /** For each view the run before it: see {@link #run}. */
    private final int[] runs = new int[1 << CONTEXT_BITS];
    /** By CPU: which events came last. */
    private final int[] histories;
    /** By CPU: the place in {@link #views} for what comes behind that history. */
    private final int[] contexts;

    /** For each view the last frame when it came: frames are numbered on, so that those it names are as far from it. */
    private final long[] lastFrames = new long[1 << CONTEXT_BITS];

    private StreamState state = NOTHING;
    private long lastFrame;

    Succession(int cpus) {
        histories = new int[cpus];
        contexts = new int[cpus];
    }

    /** Forgets everything, and begins at a state. */
    Succession begin(StreamState at) {
        state = at;
        lastFrame = 0;
        Arrays.fill(known, false);
        Arrays.fill(histories, 0);
        Arrays.fill(contexts, 0);
        return this;
    }

    /** The place that the events of a CPU so far lead to: what is expected next is kept there. */
    public int context(int cpu) {
        return contexts[cpu];
    }

    /** What {@link #context} follows from. */
    public int history(int cpu) {
        return histories[cpu];
    }

    /** The event that is expected at a place, if anything is. */
    @Nullable public Event view(int context) {
        return known[context] ? views[context] : null;
    }

    /** Whether nothing is expected in the place that the events of a CPU so far lead to, of whatever history. */
    boolean isNew(int cpu) {
        return !known[contexts[cpu]];
    }

    /** Whether an event of this kind is expected of a CPU. */
    boolean expects(int cpu, EventKind kind) {
        Event expected = expected(cpu);
        return expected != null && expected.kind() == kind;
    }

    /** How many arithmetic writes are expected before the event at a place. */
    public int runLength(int context) {
        return known[context] ? runs[context] >>> RUN_SHIFT : 0;
    }

    /** The flags that the run before the event at a place leaves: see {@link #run}. */
    public int runFlags(int context) {
        return runs[context] & RUN_FLAGS_MASK;
    }

    /** Expects other flags behind the run before the event at a place. */
    public void runFlags(int context, int six) {
        runs[context] = run(runs[context] >>> RUN_SHIFT, six);
    }

    /** Goes on behind trap frames that were passed over. */
    public void passFrames(long count) {
        lastFrame += count;
    }

    /** The fields of a kind that decide what is expected of the others: bit i for field i. */
    static int keys(EventKind kind) {
        return KEYS[kind.code()];
    }

    /**
     * Whether an event is as the state before it tells, in all that the state can tell of one.
     *
     * @param fields those in which it is not as was expected
     */
    public boolean isToldByState(Event event, int fields) {
        boolean isEflagsWrite = event.kind() == EventKind.EFLAGS_WRITE;
        return (fields & TOLD_BY_STATE[event.kind().code()]) == 0
                && (!isEflagsWrite
                        || event.value(EflagsWrite.FRAME) == 0
                        || event.value(EflagsWrite.FRAME) == innermostFrame(event.cpu()));
    }

    /** What is expected of a CPU; null if nothing has come behind the same events. */
    @Nullable Event expected(int cpu) {
        int context = contexts[cpu];
        return isKnown(context, cpu) ? views[context] : null;
    }

    private boolean isKnown(int context, int cpu) {
        return known[context] && led[context] == histories[cpu];
    }

    /**
     * The run of arithmetic writes that is expected before {@linkplain #expected(int) the event}: as {@link #run} makes it.
     */
    int expectedRun(int cpu) {
        int context = contexts[cpu];
        return isKnown(context, cpu) ? runs[context] : 0;
    }

    /** A run as one number: above {@link #RUN_SHIFT} bits how many writes, below them the flags that it leaves; 0: none. */
    static int run(int count, int six) {
        return count << RUN_SHIFT | six;
    }

    /** What is expected of a CPU if an event of this kind comes. */
    Event expected(int cpu, EventKind kind) {
        int context = contexts[cpu];
        Event view = views[context];
        if (view == null) {
            view = new Event();
            views[context] = view;
        }
        if (!isKnown(context, cpu) || view.kind() != kind) {
            known[context] = true;
            led[context] = histories[cpu];
            view.begin(kind, 0, cpu, 0).setAll(NO_VALUES);
        }
        return view;
    }

    /** Moves an expected event to where it happened, and expects what the state tells of it there. */
    void happened(Event view, long step, int cpu, long eip, long ordinal) {
        long pushed = view.value(TrapEntry.IP) - view.ip();
        view.again(step, cpu, eip, ordinal);
        switch (view.kind()) {
            case TRAP_ENTRY ->
                view.set(TrapEntry.IP, eip + pushed)
                        .set(TrapEntry.EFLAGS, state.eflags(cpu) & 0xffffffffL)
                        .set(TrapEntry.FRAME, lastFrame + 1);
            case TRAP_EXIT ->
                view.set(TrapExit.EFLAGS, state.eflags(cpu) & 0xffffffffL).set(TrapExit.FRAME, innermostFrame(cpu));
            case EFLAGS_WRITE -> {
                if (view.value(EflagsWrite.FRAME) != 0) {
                    view.set(EflagsWrite.FRAME, innermostFrame(cpu));
                }
            }
            case SHOWN -> {
                expectFrame(view, Shown.FRAME, cpu);
                int level = state.frameLevel(cpu, view.value(Shown.FRAME));
                if (level >= 0) {
                    view.set(Shown.EFLAGS, state.frameEflags(cpu, level) & 0xffffffffL);
                }
            }
            case STACK_WRITE -> expectFrame(view, StackWrite.FRAME, cpu);
            case HIT_END -> expectFrame(view, HitEnd.FRAME, cpu);
            case HIT_DIFFERENCE -> expectFrame(view, HitDifference.FRAME, cpu);
            default -> {
                // Nothing of the other kinds follows from the state.
            }
        }
    }

    /** A frame that an event names is as far back as the last time; 0 is none. */
    private void expectFrame(Event view, int field, int cpu) {
        long before = view.value(field);
        if (before != 0) {
            view.set(field, before + lastFrame - lastFrames[contexts[cpu]]);
        }
    }

    private long innermostFrame(int cpu) {
        int depth = state.frameDepth(cpu);
        return depth == 0 ? 0 : state.frameId(cpu, depth - 1);
    }

    /**
     * Expects the old value that the state has; the keys are known. A variable changes by as much as the last time, as
     * counters do; EFLAGS become what they became, as POPF, IRET and gates make them.
     */
    void changed(Event view) {
        switch (view.kind()) {
            case EFLAGS_WRITE -> view.set(EflagsWrite.OLD, oldEflags(view));
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> {
                long change = view.value(Variable.NEW) - view.value(Variable.OLD);
                long old = state.variable(view.intValue(Variable.VARIABLE), view.intValue(Variable.ELEMENT));
                view.set(Variable.OLD, old).set(Variable.NEW, old + change);
            }
            default -> {
                // The other kinds change nothing that the state holds.
            }
        }
    }

    private long oldEflags(Event view) {
        if (view.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code()) {
            return state.eflags(view.cpu()) & 0xffffffffL;
        }
        int level = state.frameLevel(view.cpu(), view.value(EflagsWrite.FRAME));
        return level < 0 ? 0 : state.frameEflags(view.cpu(), level) & 0xffffffffL;
    }

    /** Goes on behind an event and the run before it, with the same state yet. */
    void passed(int run, Event event) {
        if (event.kind() == EventKind.TRAP_ENTRY) {
            lastFrame = event.value(TrapEntry.FRAME);
        }
        int cpu = event.cpu();
        runs[contexts[cpu]] = run;
        lastFrames[contexts[cpu]] = lastFrame;
        int what = ((int) event.ip() + event.kind().code() + decision(event)) * HASH_FACTOR;
        histories[cpu] = (histories[cpu] << FADING_BITS) + (what >>> (Integer.SIZE - CONTEXT_BITS));
        contexts[cpu] = place(histories[cpu]);
    }

    /**
     * What beside the code decides what comes next: a function goes by what it is asked for, the handler by who is current
     * and in which status.
     */
    private static int decision(Event event) {
        return switch (event.kind()) {
            case CALL_ENTRY -> event.intValue(CallEntry.ARG0);
            case CURRENT_KPROBE, KPROBE_STATUS -> event.intValue(Variable.NEW);
            default -> 0;
        };
    }

    /** Where the view behind a history is; if it is new, a free place, or else one that is taken from another. */
    private int place(int history) {
        int first = (history * HASH_FACTOR) >>> (Integer.SIZE - CONTEXT_BITS);
        for (int i = 0; i < PLACES; i++) {
            int place = (first + i) & (1 << CONTEXT_BITS) - 1;
            if (!known[place] || led[place] == history) {
                return place;
            }
        }
        return first;
    }
}
