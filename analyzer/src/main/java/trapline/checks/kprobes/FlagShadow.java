package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** FLAG-SHADOW (V4): the two copies of TF and IF, from which the flags are restored later. */
final class FlagShadow extends MemorylessCheck {

    FlagShadow() {
        super(CheckInfo.of(
                        "FLAG-SHADOW",
                        "V4",
                        "kprobe_old_eflags holds TF and IF of the hit; kprobe_saved_eflags holds the same, less IF"
                                + " exactly if the instruction changes IF itself.")
                .cites("set_current_kprobe(), is_IF_modifier()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH, EventKind.EFLAGS_WRITE)
                .declared(Role.CURRENT, Role.OLD_EFLAGS, Role.SAVED_EFLAGS)
                .except(
                        "stepping by an int3 keeps IF alone",
                        "while no probe is current, and inside trampoline_handler(), the copies mean nothing"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!life.claimed() || life.leftOrdinal() < 0 || life.trapOrdinal() < 0 || !life.leftKnown()) {
            return;
        }
        exercised();
        long atHit = life.pushedEflags() & (Eflags.TF | Eflags.IF);
        long old = life.leftOld();
        if (old != atHit && old != (atHit & Eflags.IF)) {
            report(life, e, state, "kprobe_old_eflags is " + hex(old) + " but the hit pushed " + hex(atHit));
            return;
        }
        long expected = life.loadedFlags() ? old & ~Eflags.IF : old;
        if (life.leftSaved() != expected && life.outcome() == Outcome.STEPPED) {
            report(
                    life,
                    e,
                    state,
                    "kprobe_saved_eflags is " + hex(life.leftSaved()) + " instead of " + hex(expected)
                            + (life.loadedFlags() ? ": the instruction sets IF itself" : ""));
        }
    }

    private void report(Life life, Event e, ReplayState state, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                "in the life of " + probeName(life, state) + " " + what,
                cause(life.hitOrdinal(), "the #BP pushed the flags"),
                cause(life.claimOrdinal(), "made current, flags copied"),
                cause(life.flagLoadOrdinal(), "the instruction set IF"));
    }

    private static String hex(long flags) {
        return Long.toHexString(flags);
    }
}
