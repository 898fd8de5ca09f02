package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** STATUS-COUPLED (V5): the status belongs to the current probe and means nothing without one. */
final class StatusCoupled extends MemorylessCheck {

    StatusCoupled() {
        super(CheckInfo.of(
                        "STATUS-COUPLED",
                        "V5",
                        "While a probe is current its status is one of ACTIVE, SS, REENTER, SSDONE; while none is, no"
                                + " trap is handled as part of a probe's life.")
                .cites("kprobe_handler(), kprobe_int3_handler(), kprobe_fault_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS)
                .declared(Role.CURRENT, Role.STATUS)
                .except("while no probe is current the status keeps its last value"));
    }

    private static final long NULL_PAGE_BYTES = 4096;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY);
    }

    /** A stale status is used where a handler follows the NULL that current_kprobe holds. */
    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (cpu.depth() < 2 || e.value(TrapEntry.VECTOR) != TrapVector.PF) {
            return;
        }
        Life life = cpu.frame(cpu.depth() - 2).hit();
        if (life != null
                && life.currentKnown()
                && cpu.current() == 0
                && KprobeStatus.ofName(KprobeStatus.name(life.statusAtHit())) != null
                && life.statusAtHit() != 0
                && e.value(TrapEntry.ADDRESS) >= 0
                && e.value(TrapEntry.ADDRESS) < NULL_PAGE_BYTES) {
            exercised();
            report(life, e, state, "reads through the NULL that current_kprobe holds");
        }
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        judgeStatus(life, e, state);
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.DIRECT && !life.found() && !life.claimed() && life.currentKnown()) {
            // What kprobes declines another client of the die chain, or a fix-up, may send anywhere.
            if (!life.isReentry() && life.handlerResult() != 0) {
                exercised();
                report(life, e, state, "goes on at " + state.guest().place(life.endIp()));
            }
            return;
        }
        judgeStatus(life, e, state);
    }

    private void judgeStatus(Life life, Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (!life.claimed()) {
            return;
        }
        exercised();
        boolean valid = switch (cpu.status()) {
            case KprobeStatus.KPROBE_HIT_ACTIVE,
                    KprobeStatus.KPROBE_HIT_SS,
                    KprobeStatus.KPROBE_REENTER,
                    KprobeStatus.KPROBE_HIT_SSDONE -> true;
            default -> false;
        };
        if (cpu.current() != 0 && !valid) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    state.guest().probeName(cpu.current()) + " is current but kprobe_status is "
                            + KprobeStatus.name(cpu.status()),
                    cameIn(life, state),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.claimOrdinal(), "made current"));
        }
    }

    private void report(Life life, Event e, ReplayState state, String how) {
        violated(
                e,
                state,
                probeName(life, state),
                "an int3 that is no probe's is taken for the end of a step: no probe is current, but kprobe_status still"
                        + " says " + KprobeStatus.name(life.statusAtHit()) + "; the handler " + how,
                cause(life.hitOrdinal(), "the int3"));
    }
}
