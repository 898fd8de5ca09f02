package trapline.checks.kprobes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** NMISSED-COUNTED (V13): a hit whose handlers do not run is counted, any other is not. */
final class NmissedCounted extends RepeatableCheck {

    NmissedCounted() {
        super(CheckInfo.of(
                        "NMISSED-COUNTED",
                        "V13",
                        "A hit raises nmissed of its probe, or of each child of its aggregate, once if its handlers are"
                                + " suppressed, and not at all if they run or the breakpoint is gone; nothing lowers it.")
                .cites("kprobes_inc_nmissed_count()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a hit that is passed on or refused is lost without being counted",
                        "faults in a handler are counted too",
                        "register_kprobe() sets it to 0"));
    }

    /** Which probes were counted in hits that are not over, by the hit. */
    private final Map<Long, List<Long>> counted = new HashMap<>();

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.WATCH);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.NMISSED;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        int by = e.intValue(Variable.NEW) - e.intValue(Variable.OLD);
        long probe = state.guest().probeOfRow(e.value(Variable.VARIABLE));
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        if (top != null && top.hit() != null) {
            counted.computeIfAbsent(top.hit().hitOrdinal(), hit -> new ArrayList<>())
                    .add(probe);
        }
        boolean registers = e.intValue(Variable.NEW) == 0 && cpu.innermost(Role.REGISTER_KPROBE) >= 0;
        if (by != 1 && !registers && !state.lossy()) {
            exercised();
            violated(
                    e,
                    state,
                    state.guest().probeName(probe),
                    String.format(
                            "nmissed of %s goes from %d to %d: %s",
                            state.guest().probeName(probe),
                            e.intValue(Variable.OLD),
                            e.intValue(Variable.NEW),
                            by < 0 ? "what another CPU has counted meanwhile is lost" : "a hit counts once"),
                    cause(top == null ? -1 : top.entryOrdinal(), "the trap"));
        }
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        judge(life, e, state);
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.leftOrdinal() < 0) {
            judge(life, e, state);
        }
        counted.remove(life.hitOrdinal());
    }

    private void judge(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.VANISHED) {
            exercised();
            if (life.missed() != 0) {
                report(life, e, state, "was sent back to its instruction and counted as missed all the same", 0);
            }
        } else if (life.found() && life.currentKnown() && life.outcome() != Outcome.PASSED) {
            judgeHandled(life, e, state);
        }
    }

    private void judgeHandled(Life life, Event e, ReplayState state) {
        boolean single = state.guest().declares(Role.NMISSED, life.probe());
        if (!single && state.books().isHashed(life.probe()) && life.outcome() != Outcome.CONTINUATION) {
            children(life, e, state);
            return;
        }
        if (life.outcome() == Outcome.CONTINUATION || !(single || life.missed() > 0)) {
            return;
        }
        exercised();
        int expected = life.isReentry() ? 1 : 0;
        if (single && life.missed() != expected) {
            String handlers = life.isReentry() ? "had its handlers suppressed" : "had its handlers run";
            report(life, e, state, handlers, expected);
        }
    }

    /** An aggregate was hit: each of its children, as the registrations have them, is counted like a probe of its own. */
    private void children(Life life, Event e, ReplayState state) {
        if (state.books().changedOrdinal() > life.hitOrdinal() || state.books().inTransition(state)) {
            return; // who was its child at the hit is not sure
        }
        List<Long> rose = counted.getOrDefault(life.hitOrdinal(), List.of());
        for (long child : state.books().registered()) {
            if (state.books().placeOf(child) == life.address() && state.guest().declares(Role.NMISSED, child)) {
                exercised();
                long times = rose.stream().filter(probe -> probe == child).count();
                if (times != (life.isReentry() ? 1 : 0)) {
                    child(life, child, times, e, state);
                }
            }
        }
    }

    private void child(Life life, long child, long times, Event e, ReplayState state) {
        String name = state.guest().probeName(child);
        violated(
                e,
                state,
                name,
                String.format(
                        "the hit at %s %s; nmissed of %s must rise by %d, but it rose by %d",
                        state.guest().place(life.address()),
                        life.isReentry() ? "had its handlers suppressed" : "had its handlers run",
                        name,
                        life.isReentry() ? 1 : 0,
                        times),
                cause(life.hitOrdinal(), "the hit"),
                cause(life.claimOrdinal(), "made current"));
    }

    @Override
    public void lost(Event event, ReplayState state) {
        counted.clear();
    }

    /** No hit is open at a point of rest. */
    @Override
    public @Nullable Object memory() {
        return List.of();
    }

    @Override
    public void recall(Object memory) {
        counted.clear();
    }

    private void report(Life life, Event e, ReplayState state, String what, int expected) {
        violated(
                e,
                state,
                probeName(life, state),
                String.format(
                        "the hit of %s %s; nmissed must rise by %d, but it rose by %d",
                        probeName(life, state), what, expected, life.missed()),
                cause(life.hitOrdinal(), "the hit"),
                cause(life.claimOrdinal(), "made current"));
    }
}
