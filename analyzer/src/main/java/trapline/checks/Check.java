package trapline.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/**
 * One claim, judged over one stream. A subclass says what it is ({@link CheckInfo}), counts each time that the
 * situation occurs ({@link #exercised()}), and reports violations; the verdict follows from that and from what the
 * stream lacks.
 *
 * <p>It sees every event of its kinds, each once and in order. One that could as well see parts of a stream, or one
 * coming of what comes again and again, is a {@link RepeatableCheck}: it says so itself, and what it then must tell.
 */
public abstract class Check extends ReplayListener {

    /** Violations that are kept with their events; further ones are counted. */
    public static final int FINDINGS_MAX = 8;

    private final CheckInfo info;
    private final List<Draft> drafts = new ArrayList<>();
    private long exercised;
    private long findings;

    /** A finding before the events of its slice are fetched. */
    record Draft(Event event, String probe, String place, String sentence, List<Finding.Cause> causes) {}

    public Check(CheckInfo info) {
        this.info = info;
    }

    /** What it is. */
    public final CheckInfo info() {
        return info;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of();
    }

    /** The situation that it judges has occurred. */
    public final void exercised() {
        exercised++;
    }

    /**
     * The claim is violated.
     *
     * @param e the first event that violates it
     * @param probe name of the probe
     * @param sentence what went wrong
     * @param causes what brought it about; those with a negative ordinal are unknown and are left out
     */
    public final void violated(Event e, ReplayState state, String probe, String sentence, Finding.Cause... causes) {
        violatedAt(e, handlerPlace(e, state), probe, sentence, causes);
    }

    /** As above, at another place than the event's own: the code that is to blame. */
    public final void violatedAt(Event e, String place, String probe, String sentence, Finding.Cause... causes) {
        findings++;
        if (drafts.size() < FINDINGS_MAX) {
            List<Finding.Cause> known = new ArrayList<>();
            for (Finding.Cause cause : causes) {
                if (cause.ordinal() >= 0 && cause.ordinal() != e.ordinal()) {
                    known.add(cause);
                }
            }
            known.sort((a, b) -> Long.compare(a.ordinal(), b.ordinal()));
            drafts.add(new Draft(e.copy(), probe, place, sentence, List.copyOf(known)));
        }
    }

    public static Finding.Cause cause(long ordinal, String role) {
        return new Finding.Cause(ordinal, role);
    }

    /** The code that had the last say in the trap that an event ends: kprobes' own handler, else the event itself. */
    public static String handlerPlace(Event e, ReplayState state) {
        Frame closed = cpu(e, state).closed();
        boolean known = e.kind() == EventKind.TRAP_EXIT && closed != null && closed.hookOrdinal() >= 0;
        return state.guest().place(known && closed != null ? closed.hookEip() : e.ip());
    }

    /** The return of kprobes' own handler in the trap that an event ends. */
    public static Finding.Cause handlerReturn(Event e, ReplayState state) {
        Frame closed = cpu(e, state).closed();
        boolean exit = e.kind() == EventKind.TRAP_EXIT && closed != null;
        return cause(exit && closed != null ? closed.hookOrdinal() : -1, "the handler returns");
    }

    /** The NMI or interrupt that a hit came in, if it did: where it came in between is the window that it shows. */
    public static Finding.Cause cameIn(@Nullable Life life, ReplayState state) {
        if (life == null) {
            return cause(-1, "");
        }
        CpuState cpu = state.cpu(life.cpu());
        for (int level = Math.min(life.baseDepth(), cpu.depth()) - 1; level >= 0; level--) {
            Frame frame = cpu.frame(level);
            boolean nmi = frame.vector() == TrapVector.NMI;
            if (nmi || frame.external()) {
                String open = " that the hit came in: the window is open at "
                        + state.guest().place(frame.ip());
                return cause(frame.entryOrdinal(), (nmi ? "the NMI" : "the interrupt") + open);
            }
        }
        return cause(-1, "");
    }

    /** The name of a life's probe, or of its address where no probe is known. */
    public static String probeName(Life life, ReplayState state) {
        return life.probe() != 0 ? state.guest().probeName(life.probe()) : "none";
    }

    /** What the return from the #BP of a life began. */
    public static String leaving(Life life) {
        return life.handedOver() || life.outcome() == Outcome.HANDED_OVER
                ? "the pre handler has taken over: the CPU goes on elsewhere"
                : "the step began";
    }

    public static CpuState cpu(Event e, ReplayState state) {
        return state.cpu(e.cpu());
    }

    /** Counts what another of its kind has counted so many times more. */
    public final void addExercised(Check other, long times) {
        exercised += other.exercised * times;
    }

    public final long exercisedCount() {
        return exercised;
    }

    public final long findingsCount() {
        return findings;
    }

    public final List<Draft> drafts() {
        return drafts;
    }
}
