package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** VANISHED-UNTOUCHED (V17): a breakpoint that is gone leaves no trace. */
final class VanishedUntouched extends MemorylessCheck {

    VanishedUntouched() {
        super(CheckInfo.of(
                        "VANISHED-UNTOUCHED",
                        "V17",
                        "If the handler takes an int3 that is gone, eip is back at the instruction, and flags, status,"
                                + " current probe, nmissed and preempt_count are as before.")
                .cites("kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT, Role.KPROBE_HANDLER)
                .except());
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.claimed() || !life.currentKnown()) {
            return;
        }
        CpuState cpu = cpu(e, state);
        if (life.outcome() == Outcome.PASSED && life.handlerResult() == 1) {
            exercised();
            report(
                    life,
                    e,
                    state,
                    "kprobe_handler() took the int3, but the CPU resumes behind it, inside the instruction");
        } else if (life.outcome() == Outcome.VANISHED && life.handlerResult() != 0) {
            exercised();
            long changed = (life.endEflags() ^ life.pushedEflags()) & ~Eflags.RF;
            if (changed != 0) {
                report(
                        life,
                        e,
                        state,
                        "the CPU is sent back to the instruction with other flags: "
                                + Long.toHexString(life.pushedEflags()) + " became "
                                + Long.toHexString(life.endEflags()));
            } else if (cpu.current() != life.currentAtHit() || cpu.status() != life.statusAtHit()) {
                report(
                        life,
                        e,
                        state,
                        String.format(
                                "the CPU is sent back to the instruction as if nothing had been, but the handler has left"
                                        + " %s %s where %s %s was current",
                                state.guest().probeName(cpu.current()),
                                KprobeStatus.name(cpu.status()),
                                state.guest().probeName(life.currentAtHit()),
                                KprobeStatus.name(life.statusAtHit())));
            } else if (life.preemptDelta() != 0) {
                report(life, e, state, "the CPU is sent back to the instruction with another preempt_count");
            }
        }
    }

    /** It compares all flags, those of arithmetic too. */
    @Override
    public boolean ignoresNoise() {
        return exercisedCount() == 0;
    }

    private void report(Life life, Event e, ReplayState state, String sentence) {
        violated(
                e,
                state,
                probeName(life, state),
                sentence,
                cause(life.hitOrdinal(), "the int3"),
                cause(life.handlerResultOrdinal(), "what kprobe_handler() returned"));
    }
}
