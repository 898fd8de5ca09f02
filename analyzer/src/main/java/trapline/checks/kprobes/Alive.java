package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.HaltReason;
import trapline.replay.Life;
import trapline.replay.ReplayState;

/** V40: nothing dies of a probe. */
final class Alive extends MemorylessCheck {

    /** Ends that nobody has to expect. */
    private static final List<String> GOOD = List.of(
            HaltReason.EXIT.label(),
            HaltReason.HALTED.label(),
            HaltReason.INTERRUPTED.label(),
            HaltReason.SOURCE_END.label());

    Alive() {
        super(CheckInfo.of("ALIVE", "V40", "No BUG, oops, triple fault or limit ends the run, and every hit ends")
                .cites("die, BUG, do_int3, do_debug")
                .needs(EventKind.HALT)
                .except(
                        "the scenario says 'expect-end' and the run ends so",
                        "a limit before the first hit, and whatever the user interrupted"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.HALT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        String end = state.end();
        String expected = state.guest().tables().expectedEnd();
        boolean hits = state.kernelBreakpoints() > 0;
        String wrong = expected.isEmpty() ? wrong(end, hits, state) : asExpected(end, expected);
        if (hits || !expected.isEmpty() || !wrong.isEmpty()) {
            exercised();
        }
        if (!wrong.isEmpty()) {
            ends(e, state, wrong);
        }
    }

    private static String wrong(String end, boolean hits, ReplayState state) {
        if (end.equals(HaltReason.LIMIT.label()) && !hits) {
            return "";
        }
        if (end.equals(HaltReason.HALTED.label()) && state.openHit() != null) {
            return "every CPU is halted";
        }
        return GOOD.contains(end) ? "" : words(end);
    }

    private static String asExpected(String end, String expected) {
        boolean fits = end.equals(expected)
                || expected.equals(ExpectedEnd.ANY)
                || end.equals(HaltReason.INTERRUPTED.label())
                || end.equals(HaltReason.SOURCE_END.label());
        return fits ? "" : words(end) + ", and the scenario expects the end '" + expected + "'";
    }

    private static String words(String end) {
        return switch (end) {
            case ExpectedEnd.BUG -> "the kernel hits a BUG";
            case ExpectedEnd.DIE -> "the kernel dies";
            case "limit" -> "the run comes to its limit";
            case "triple_fault" -> "a triple fault ends the run";
            case "exit", "halted" -> "the run ends by itself";
            default -> "the run ends by " + end;
        };
    }

    private void ends(Event e, ReplayState state, String what) {
        Life open = state.openHit();
        Life last = open != null ? open : state.lastHit();
        violatedAt(
                e,
                state.guest().place(e.eip()),
                last == null ? "none" : probeName(last, state),
                what + where(open, last, state),
                cause(last == null ? -1 : last.hitOrdinal(), "the last hit"),
                cause(state.deathOrdinal(), "the first complaint"));
    }

    private static String where(@Nullable Life open, @Nullable Life last, ReplayState state) {
        if (last == null) {
            return state.kernelBreakpoints() > 0 ? " after a hit" : " before any hit";
        }
        String hit = "the hit of " + probeName(last, state) + " at "
                + state.guest().place(last.address()) + " on CPU " + last.cpu();
        return (open != null ? " in " : " after ") + hit;
    }
}
