package trapline.checks;

import java.util.List;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** NO-NESTED-REENTER (V7): there is one slot to save a probe in, so a re-entered probe must not be re-entered. */
final class NoNestedReenter extends MemorylessCheck {

    NoNestedReenter() {
        super(new CheckInfo(
                "NO-NESTED-REENTER",
                "V7",
                "No probe hits while the CPU steps a re-entered probe (status KPROBE_REENTER).",
                "kprobe_handler(), save_previous_kprobe(): prev_kprobe holds one probe",
                Set.of(EventKind.TRAP_ENTRY, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS),
                Set.of(Role.CURRENT, Role.STATUS),
                List.of()));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        judge(life, e, state);
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        judge(life, e, state);
    }

    private void judge(Life life, Event e, ReplayState state) {
        boolean handlerDone = life.leftOrdinal() == e.ordinal() || life.leftOrdinal() < 0;
        if (!life.isReentry() || !life.currentKnown() || !life.found() || !handlerDone) {
            return;
        }
        exercised();
        if (life.statusAtHit() == KprobeStatus.KPROBE_REENTER) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "%s hit at %s while %s was being stepped as a re-entered probe: the probe saved before"
                                    + " is overwritten or the hit is lost",
                            probeName(life, state),
                            state.guest().place(life.address()),
                            state.guest().probeName(life.currentAtHit())),
                    cause(life.hitOrdinal(), "the hit in status REENTER"),
                    cause(life.claimOrdinal(), "the outer re-entered probe stops being current"));
        }
    }
}
