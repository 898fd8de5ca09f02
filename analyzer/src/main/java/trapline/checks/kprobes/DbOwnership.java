package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** DB-OWNERSHIP (V22): only the trap after its step ends a probe. */
final class DbOwnership extends MemorylessCheck {

    DbOwnership() {
        super(CheckInfo.of(
                        "DB-OWNERSHIP",
                        "V22",
                        "A #DB ends the life of a probe only if it is a single-step trap (DR6.BS), comes right after the"
                                + " step, and the status is SS or REENTER.")
                .cites("post_kprobe_handler(), do_debug()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS)
                .declared(Role.CURRENT, Role.STATUS)
                .except());
    }

    private static final long DR6_BS = 1L << 14;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        boolean ends = e.value(Variable.OLD) != 0 && e.value(Variable.OLD) != e.value(Variable.NEW);
        if (top == null || top.vector() != TrapVector.DB || top.fromUser() || !ends) {
            return;
        }
        if (top.serves() == null && !top.livesKnown()) {
            return; // the step may have begun among lost events
        }
        exercised();
        if (top.serves() == null) {
            report(e, state, top, "a #DB at " + state.guest().place(top.ip()) + " that follows no step");
        } else if ((top.dr6() & DR6_BS) == 0) {
            report(e, state, top, "a #DB without DR6.BS: a hardware breakpoint");
        } else if (top.statusKnown()
                && top.statusAtEntry() != KprobeStatus.KPROBE_HIT_SS
                && top.statusAtEntry() != KprobeStatus.KPROBE_REENTER) {
            report(e, state, top, "a #DB in status " + KprobeStatus.name(top.statusAtEntry()));
        }
    }

    private void report(Event e, ReplayState state, Frame top, String what) {
        String probe = state.guest().probeName(e.value(Variable.OLD));
        Life life = cpu(e, state).lastLife();
        violated(
                e,
                state,
                probe,
                what + " is taken for the end of the step of " + probe,
                cause(life == null ? -1 : life.hitOrdinal(), "the hit"),
                cause(top.entryOrdinal(), "the #DB"));
    }
}
