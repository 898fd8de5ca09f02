package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** PREV-LIFO (V8): what a re-entry saves is what its end restores. */
final class PrevLifo extends MemorylessCheck {

    PrevLifo() {
        super(CheckInfo.of(
                        "PREV-LIFO",
                        "V8",
                        "When a re-entered probe is over, current_kprobe, kprobe_status and the two flag copies are what"
                                + " they were when it hit.")
                .cites("save_previous_kprobe(), restore_previous_kprobe()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS)
                .declared(Role.CURRENT, Role.STATUS)
                .except());
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!life.claimed() || !life.isReentry() || !life.currentKnown() || !life.popped()) {
            return;
        }
        exercised();
        CpuState cpu = cpu(e, state);
        String wrong = "";
        if (cpu.current() != life.currentAtHit()) {
            wrong = "current_kprobe is " + state.guest().probeName(cpu.current()) + " instead of "
                    + state.guest().probeName(life.currentAtHit());
        } else if (!life.hitKnown() || !cpu.statusKnown() || !cpu.copiesKnown()) {
            return; // behind lost events
        } else if (cpu.status() != life.statusAtHit()) {
            wrong = "kprobe_status is " + KprobeStatus.name(cpu.status()) + " instead of "
                    + KprobeStatus.name(life.statusAtHit());
        } else if (cpu.oldEflags() != life.oldAtHit() || cpu.savedEflags() != life.savedAtHit()) {
            wrong = "the saved flags are not those of " + state.guest().probeName(life.currentAtHit());
        }
        if (!wrong.isEmpty()) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "the re-entered probe " + probeName(life, state) + " is over, but " + wrong,
                    cause(life.hitOrdinal(), "the re-entry"),
                    cause(life.claimOrdinal(), "the outer probe is saved"),
                    cause(life.popOrdinal(), "restored from prev_kprobe"));
        }
    }
}
