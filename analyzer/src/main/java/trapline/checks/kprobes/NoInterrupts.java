package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** NO-INTERRUPTS (V11): what could migrate or sleep would take the CPU from a probe that is current on it. */
final class NoInterrupts extends MemorylessCheck {

    NoInterrupts() {
        super(CheckInfo.of(
                        "NO-INTERRUPTS",
                        "V11",
                        "Nobody enables interrupts between the moment that a probe becomes current and its completion.")
                .cites("prepare_singlestep(), set_current_kprobe()")
                .needs(EventKind.EFLAGS_WRITE, EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a jprobe handler that enables interrupts itself",
                        "a boosted slot: no probe is current there",
                        "a trap that is passed on to other notifiers"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.EFLAGS_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long cause = e.value(EflagsWrite.CAUSE);
        boolean byInstruction = cause == FlagCause.STI_CLI.code() || cause == FlagCause.POPF.code();
        boolean raised = (e.value(EflagsWrite.OLD) & Eflags.IF) == 0 && (e.value(EflagsWrite.NEW) & Eflags.IF) != 0;
        CpuState cpu = cpu(e, state);
        Life life = cpu.lastLife();
        if (!byInstruction || !raised || life == null || cpu.current() == 0 || !life.claimed()) {
            return;
        }
        Frame top = cpu.top();
        boolean passedOn = top != null && top.hit() != null && top.hit().handlerResult() == 0;
        if (life.outcome() == Outcome.HANDED_OVER || cpu.inStep(e.ip()) || passedOn || life.popped()) {
            return;
        }
        violated(
                e,
                state,
                probeName(life, state),
                "interrupts are enabled while " + probeName(life, state) + " is current",
                cause(life.hitOrdinal(), "the hit"),
                cause(life.claimOrdinal(), "made current"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.claimed()) {
            exercised();
        }
    }
}
