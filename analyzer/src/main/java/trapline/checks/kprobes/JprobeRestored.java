package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** JPROBE-RESTORED (V28): the function behind a jprobe runs as if its handler had not. */
final class JprobeRestored extends MemorylessCheck {

    JprobeRestored() {
        super(CheckInfo.of(
                        "JPROBE-RESTORED",
                        "V28",
                        "When a jprobe handler has returned, the stack pointer and TF and IF are those of the hit, and"
                                + " only the int3 of jprobe_return() ends it.")
                .cites("setjmp_pre_handler(), jprobe_return(), longjmp_break_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except("globals that the handler changes"));
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.handedOver() && life.outcome() == Outcome.STEPPING) {
            judge(life, e, state, false);
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.handedOver() && life.outcome() == Outcome.DIRECT) {
            judge(life, e, state, true);
        } else if (life.handedOver() && life.outcome() == Outcome.STEPPED) {
            flags(life, e, state);
        }
    }

    private void judge(Life life, Event e, ReplayState state, boolean done) {
        exercised();
        if (e.value(TrapExit.ESP) != life.esp()) {
            report(
                    life,
                    e,
                    state,
                    String.format(
                            "the stack pointer is %x after the handler, but was %x at the hit",
                            e.value(TrapExit.ESP), life.esp()));
        } else if (done) {
            flags(life, e, state);
        }
    }

    private void flags(Life life, Event e, ReplayState state) {
        long changed = (life.endEflags() ^ life.pushedEflags()) & (Eflags.TF | Eflags.IF);
        if (changed != 0 && !life.loadedFlags()) {
            report(
                    life,
                    e,
                    state,
                    String.format("flags %x of the hit have become %x", life.pushedEflags(), life.endEflags()));
        }
    }

    private void report(Life life, Event e, ReplayState state, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                "jprobe " + probeName(life, state) + ": " + what,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the last return of its handler"));
    }
}
