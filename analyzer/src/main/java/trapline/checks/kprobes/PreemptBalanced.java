package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** PREEMPT-BALANCED (V10): kprobes code leaves preempt_count as it found it. */
final class PreemptBalanced extends MemorylessCheck {

    PreemptBalanced() {
        super(new CheckInfo(
                "PREEMPT-BALANCED",
                "V10",
                "From a probe hit to its completion kprobes code raises preempt_count as often as it lowers it.",
                "kprobe_handler(), post_kprobe_handler(), kprobe_fault_handler(), longjmp_break_handler()",
                Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH),
                Set.of(Role.PREEMPT_COUNT),
                List.of(
                        "a pre_handler returned non-zero: the count stays raised until its longjmp",
                        "changes by a user handler or by the probed instruction itself",
                        "from 4.19 on kprobes does not touch preempt_count")));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!cpu(e, state).livesKnown()) {
            return; // behind lost events it may be the end of what another life began
        }
        if (life.outcome() == Outcome.CONTINUATION) {
            return; // its part of the ledger belongs to the life that it continues
        }
        exercised();
        if (life.preemptDelta() != 0) {
            unbalanced(life, life.preemptDelta(), e, state, "is over");
        }
    }

    private void unbalanced(Life life, long delta, Event e, ReplayState state, String when) {
        violatedAt(
                e,
                handlerPlace(e, state),
                probeName(life, state),
                String.format(
                        "the hit of %s at %s %s with preempt_count %s by %d: kprobes has disabled preemption %s often"
                                + " than it has enabled it again",
                        probeName(life, state),
                        state.guest().place(life.address()),
                        when,
                        delta > 0 ? "raised" : "lowered",
                        Math.abs(delta),
                        delta > 0 ? "more" : "less"),
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), leaving(life)),
                cause(life.trapOrdinal(), "the trap that ended the step"),
                cause(life.preemptOrdinal(), "the last change of preempt_count"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.HALT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (!state.haltedCleanly()) {
            return;
        }
        for (int i = 0; i < state.cpus(); i++) {
            CpuState cpu = state.cpu(i);
            for (int l = 0; l < cpu.lives(); l++) {
                Life life = cpu.life(l);
                long delta = cpu.preemptByKprobes() - life.preemptAtHit();
                if (delta != 0 && life.outcome() == Outcome.HANDED_OVER) {
                    exercised();
                    unbalanced(life, delta, e, state, "is not over when the run ends,");
                }
            }
        }
    }
}
