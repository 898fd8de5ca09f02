package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.ExpectedEnd;
import trapline.events.HaltReason;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** V40: nothing dies of a probe. It remembers that there were hits, and where the last one was. */
final class Alive extends RepeatableCheck {

    /** Ends that nobody has to expect. */
    private static final List<String> GOOD = List.of(
            HaltReason.EXIT.label(),
            HaltReason.HALTED.label(),
            HaltReason.INTERRUPTED.label(),
            HaltReason.SOURCE_END.label());

    /** The hit of the trap that was left last: where it was. */
    private record LastHit(long address, int cpu, long probe) {}

    private record Memory(boolean hits, @Nullable LastHit last) {}

    private boolean hits;
    private @Nullable LastHit last;
    /** Ordinal of its #BP; -1 if it lies before what has been seen. */
    private long lastOrdinal = -1;

    Alive() {
        super(
                CheckInfo.of("ALIVE", "V40", "No BUG, oops, triple fault or limit ends the run, and every hit ends")
                        .cites("die, BUG, do_int3, do_debug")
                        .needs(EventKind.HALT)
                        .except(
                                "the scenario says 'expect-end' and the run ends so",
                                "a limit before the first hit, and whatever the user interrupted",
                                "a death of an int3 that a debugger wrote and no probe is registered at: 'check' ends with 3 then"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.HALT);
    }

    @Override
    public Object memory() {
        return new Memory(hits, last);
    }

    @Override
    public void recall(Object memory) {
        Memory known = (Memory) memory;
        hits = known.hits();
        last = known.last();
        lastOrdinal = -1;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        hits |= state.kernelBreakpoints() > 0;
        note(state.lastHit());
        if (e.kind() == EventKind.HALT) {
            judge(e, state);
        }
    }

    private void note(@Nullable Life life) {
        if (life == null) {
            return;
        }
        LastHit known = last;
        boolean same = known != null
                && known.address() == life.address()
                && known.cpu() == life.cpu()
                && known.probe() == life.probe();
        last = same ? known : new LastHit(life.address(), life.cpu(), life.probe());
        lastOrdinal = life.hitOrdinal();
    }

    private void judge(Event e, ReplayState state) {
        String end = state.end();
        String expected = state.guest().tables().expectedEnd();
        if (expected.isEmpty() && diesOfADebugger(end, state)) {
            return;
        }
        String wrong = expected.isEmpty() ? wrong(end, state) : asExpected(end, expected);
        if (hits || !expected.isEmpty() || !wrong.isEmpty()) {
            exercised();
        }
        // What the scenario expects may be among the events that are missing.
        boolean mayBeLost = state.lossy() && !expected.isEmpty();
        if (!wrong.isEmpty() && !mayBeLost) {
            ends(e, state, wrong);
        }
    }

    private String wrong(String end, ReplayState state) {
        if (end.equals(HaltReason.LIMIT.label()) && !hits) {
            return "";
        }
        if (end.equals(HaltReason.HALTED.label()) && state.openHit() != null) {
            return "every CPU is halted";
        }
        return GOOD.contains(end) ? "" : words(end);
    }

    /** Whether it is the int3 of somebody else that nobody takes; what overlays a probe is outside its contract (V24). */
    private static boolean diesOfADebugger(String end, ReplayState state) {
        Life open = state.openHit();
        boolean writersShown =
                state.guest().declares(Role.REGISTER_KPROBE) && state.books().complete();
        return end.equals(ExpectedEnd.DIE)
                && writersShown
                && open != null
                && !open.found()
                && state.books().isForeign(open.address())
                && !state.books().isRegisteredAt(open.address());
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
        note(open);
        LastHit hit = last;
        violatedAt(
                e,
                state.guest().place(e.ip()),
                hit == null || hit.probe() == 0 ? "none" : state.guest().probeName(hit.probe()),
                what + where(open != null ? " in " : " after ", hit, state),
                cause(lastOrdinal, "the last hit"),
                cause(state.deathOrdinal(), "the first complaint"));
    }

    private String where(String relation, @Nullable LastHit hit, ReplayState state) {
        if (hit == null) {
            return hits ? " after a hit" : " before any hit";
        }
        String probe = hit.probe() == 0 ? "none" : state.guest().probeName(hit.probe());
        return relation + "the hit of " + probe + " at " + state.guest().place(hit.address()) + " on CPU " + hit.cpu();
    }
}
