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

/** CURRENT-BALANCED (V9): who makes a probe current also ends that, exactly once. */
final class CurrentBalanced extends MemorylessCheck {

    CurrentBalanced() {
        super(new CheckInfo(
                "CURRENT-BALANCED",
                "V9",
                "Every probe that becomes current is reset or restored exactly once before its CPU returns to the"
                        + " probed code.",
                "set_current_kprobe(), reset_current_kprobe(), restore_previous_kprobe()",
                Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE),
                Set.of(Role.CURRENT),
                List.of(
                        "inside a jprobe handler, until its longjmp",
                        "in a trap that interrupts the life of a probe")));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!life.claimed()) {
            return;
        }
        exercised();
        if (life.outcome() == Outcome.ABANDONED && !life.popped()) {
            leaked(life, e, state, "the step has ended but nobody reset current_kprobe");
        } else if (life.currentKnown() && life.popped() && cpu(e, state).current() != life.currentAtHit()) {
            violatedAt(
                    e,
                    handlerPlace(e, state),
                    probeName(life, state),
                    String.format(
                            "the hit of %s at %s is over and leaves %s current, but before it was %s",
                            probeName(life, state),
                            state.guest().place(life.address()),
                            state.guest().probeName(cpu(e, state).current()),
                            state.guest().probeName(life.currentAtHit())),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.claimOrdinal(), "made current"),
                    cause(life.popOrdinal(), "reset or restored"));
        }
    }

    private void leaked(Life life, Event e, ReplayState state, String how) {
        violatedAt(
                e,
                handlerPlace(e, state),
                probeName(life, state),
                String.format(
                        "%s stays current after its hit at %s: %s",
                        probeName(life, state), state.guest().place(life.address()), how),
                cause(life.hitOrdinal(), "the hit"),
                cause(life.claimOrdinal(), "made current"),
                cause(life.leftOrdinal(), leaving(life)),
                cause(life.trapOrdinal(), "the trap that ended the step"),
                handlerReturn(e, state));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.HALT, EventKind.DIE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.kind() == EventKind.DIE) {
            died(e, state);
        } else if (state.haltedCleanly()) {
            halted(e, state);
        }
    }

    private void halted(Event e, ReplayState state) {
        for (int i = 0; i < state.cpus(); i++) {
            CpuState cpu = state.cpu(i);
            for (int l = 0; l < cpu.lives(); l++) {
                Life life = cpu.life(l);
                if (life.outcome() == Outcome.HANDED_OVER || life.outcome() == Outcome.STEPPING) {
                    exercised();
                    leaked(life, e, state, "the run has ended and nobody reset current_kprobe");
                }
            }
        }
    }

    /** The kernel died in the trap that ended a step: the trap will not return, so the life cannot end any more. */
    private void died(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Life life = cpu.top() == null ? null : cpu.top().serves();
        if (life != null && life.outcome() == Outcome.STEPPING && !life.popped()) {
            exercised();
            leaked(life, e, state, "the kernel died in the trap that ended the step, with the probe still current");
        }
    }
}
