package trapline.journal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
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
final class Succession {

    private static final int CONTEXT_BITS = 12;

    /** So many bits of a history go with each event: eight events make one. */
    private static final int FADING_BITS = 4;

    /** In {@link #run}: bits below the count. */
    static final int RUN_SHIFT = 6;

    static final int RUN_FLAGS_MASK = (1 << RUN_SHIFT) - 1;

    private static final int HASH_FACTOR = 0x9e3779b1;

    private static final StreamState NOTHING = new StreamState(1, List.of());
    private static final long[] NO_VALUES = new long[EventKind.FIELDS_MAX];
    private static final int[] KEYS = new int[EventKind.values().length];

    static {
        KEYS[EventKind.EFLAGS_WRITE.code()] = 1 << EflagsWrite.CAUSE | 1 << EflagsWrite.FRAME;
        for (EventKind kind : new EventKind[] {EventKind.KPROBE_STATUS, EventKind.CURRENT_KPROBE, EventKind.WATCH}) {
            KEYS[kind.code()] = 1 << Variable.VARIABLE | 1 << Variable.ELEMENT;
        }
    }

    private final @Nullable Event[] views = new Event[1 << CONTEXT_BITS];
    private final boolean[] known = new boolean[1 << CONTEXT_BITS];
    /** For each view the run before it: see {@link #run}. */
    private final int[] runs = new int[1 << CONTEXT_BITS];
    /** By CPU: which events came last. */
    private final int[] histories;
    /** By CPU: the place in {@link #views} that the history gives. */
    private final int[] contexts;

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

    /** The fields of a kind that decide what is expected of the others: bit i for field i. */
    static int keys(EventKind kind) {
        return KEYS[kind.code()];
    }

    /** What is expected of a CPU; null if nothing has come behind the same events. */
    @Nullable Event expected(int cpu) {
        int context = contexts[cpu];
        return known[context] ? views[context] : null;
    }

    /**
     * The run of arithmetic writes that is expected before {@linkplain #expected(int) the event}: as {@link #run} makes it.
     */
    int expectedRun(int cpu) {
        int context = contexts[cpu];
        return known[context] ? runs[context] : 0;
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
        if (!known[context] || view.kind() != kind) {
            known[context] = true;
            view.begin(kind, 0, cpu, 0).setAll(NO_VALUES);
        }
        return view;
    }

    /** Moves an expected event to where it happened, and expects what the state tells of it there. */
    void happened(Event view, long step, int cpu, long eip, long ordinal) {
        long pushed = view.value(TrapEntry.IP) - view.eip();
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
            default -> {
                // Nothing of the other kinds follows from the state.
            }
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
        int place = ((int) event.eip() + event.kind().code()) * HASH_FACTOR;
        histories[cpu] = (histories[cpu] << FADING_BITS) + (place >>> (Integer.SIZE - CONTEXT_BITS));
        contexts[cpu] = (histories[cpu] * HASH_FACTOR) >>> (Integer.SIZE - CONTEXT_BITS);
    }
}
