package trapline.checks;

import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** NMISSED-COUNTED (V13): a hit whose handlers do not run is counted, any other is not. */
final class NmissedCounted extends MemorylessCheck {

    NmissedCounted() {
        super(CheckInfo.of(
                        "NMISSED-COUNTED",
                        "V13",
                        "A hit raises nmissed of its probe once if its handlers are suppressed, and not at all if they"
                                + " run or the breakpoint is gone.")
                .cites("kprobes_inc_nmissed_count()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a hit that is passed on or refused is lost without being counted",
                        "faults in a handler are counted too",
                        "an aggregate counts in its children"));
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
