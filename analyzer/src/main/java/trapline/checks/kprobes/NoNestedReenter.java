package trapline.checks.kprobes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** NO-NESTED-REENTER (V7): there is one slot to save a probe in, so a re-entered probe must not be re-entered. */
final class NoNestedReenter extends RepeatableCheck {

    NoNestedReenter() {
        super(new CheckInfo(
                "NO-NESTED-REENTER",
                "V7",
                "A probe that hits while the CPU steps a re-entered probe (status KPROBE_REENTER) is neither lost nor"
                        + " written over what was saved for that one.",
                "kprobe_handler(), save_previous_kprobe(): prev_kprobe holds one probe",
                Set.of(EventKind.TRAP_ENTRY, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS),
                Set.of(Role.CURRENT, Role.STATUS),
                List.of("a kernel that saves re-entered probes on a stack")));
    }

    private final Unrestored saved = new Unrestored();

    @Override
    public void over(Life life, Event e, ReplayState state) {
        judge(life, e, state);
        restored(life, e, state);
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        judge(life, e, state);
    }

    private void judge(Life life, Event e, ReplayState state) {
        boolean handlerDone = life.leftOrdinal() == e.ordinal() || life.leftOrdinal() < 0;
        if (handlerDone && life.isReentry() && life.currentKnown() && life.found()) {
            exercised();
            if (life.statusAtHit() == KprobeStatus.KPROBE_REENTER) {
                nested(life, e, state);
            }
        }
    }

    private void nested(Life life, Event e, ReplayState state) {
        Life outer = outer(life, cpu(e, state));
        if (life.claimed() && outer != null) {
            saved.save(outer, life, probeName(life, state));
        } else if (life.outcome() == Outcome.PASSED || life.outcome() == Outcome.ABANDONED) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "%s hit at %s while %s was being stepped as a re-entered probe, and the hit is lost",
                            probeName(life, state),
                            state.guest().place(life.address()),
                            state.guest().probeName(life.currentAtHit())),
                    cause(outer == null ? -1 : outer.hitOrdinal(), "the hit of the re-entered probe"),
                    cause(life.hitOrdinal(), "the hit in status REENTER"));
        }
    }

    /** The re-entered hit in whose middle a hit came. */
    private static @Nullable Life outer(Life inner, CpuState cpu) {
        Life outer = null;
        for (int i = 0; i < cpu.lives() && cpu.life(i) != inner; i++) {
            outer = cpu.life(i).reentered() ? cpu.life(i) : outer;
        }
        return outer;
    }

    private void restored(Life life, Event e, ReplayState state) {
        Unrestored.Waiting lost = saved.lostAt(life, cpu(e, state));
        if (lost != null) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "%s hit while %s was being stepped as a re-entered probe, and what was saved for %s is"
                                    + " overwritten: it is over with %s current instead of %s",
                            lost.innerName(),
                            probeName(life, state),
                            probeName(life, state),
                            state.guest().probeName(cpu(e, state).current()),
                            state.guest().probeName(lost.mustBeCurrent())),
                    cause(life.hitOrdinal(), "the hit of the re-entered probe"),
                    cause(lost.innerOrdinal(), "the hit in status REENTER"));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        saved.forget();
    }

    /** Nobody waits at a point of rest. */
    @Override
    public @Nullable Object memory() {
        return saved.isEmpty() ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {
        saved.forget();
    }
}
