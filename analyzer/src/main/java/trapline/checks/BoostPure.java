package trapline.checks;

import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** BOOST-PURE (V36): a boosted hit is a detour, and nothing changes. */
final class BoostPure extends MemorylessCheck {

    BoostPure() {
        super(CheckInfo.of(
                        "BOOST-PURE",
                        "V36",
                        "A boosted hit leaves TF, IF, preempt_count and the current probe as they were, and runs no"
                                + " post_handler.")
                .cites("kprobe_handler(), setup_singlestep()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT, Role.SLOTS)
                .except("a re-entered probe that is boosted (2.6.34 on) keeps the outer probe current"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.outcome() != Outcome.DIRECT || !life.found() || !state.guest().inSlots(life.endIp())) {
            return;
        }
        exercised();
        long changed = (life.endEflags() ^ life.pushedEflags()) & (Eflags.TF | Eflags.IF) & ~life.handlerWrote();
        String wrong = "";
        if (changed != 0) {
            wrong = Eflags.names(changed) + " changed";
        } else if (life.preemptDelta() != 0) {
            wrong = "preempt_count changed by " + life.preemptDelta();
        } else if (life.currentKnown() && cpu(e, state).current() != life.currentAtHit()) {
            wrong = "the current probe is "
                    + state.guest().probeName(cpu(e, state).current()) + ", but was "
                    + state.guest().probeName(life.currentAtHit());
        } else if (life.postCalls() > 0) {
            wrong = "a post_handler ran before the instruction";
        }
        if (!wrong.isEmpty()) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "the boosted hit of " + probeName(life, state) + " leaves a trace: " + wrong,
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.popOrdinal(), "no longer current"));
        }
    }
}
