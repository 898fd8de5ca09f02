package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** CRITICAL-PATH (V31): no probe on the way to the probe handler. */
final class CriticalPath extends MemorylessCheck {

    CriticalPath() {
        super(CheckInfo.of(
                        "CRITICAL-PATH",
                        "V31",
                        "No probe hits in the code between a #BP or #DB and kprobes' hook, nor between the hook and the"
                                + " IRET.")
                .cites(".kprobes.text, blacklists, do_int3(), do_debug(), notify_die()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a handler of a probe, and code that it calls",
                        "code of an NMI or interrupt that comes in between"));
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        judge(life, e, state);
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.leftOrdinal() < 0) {
            judge(life, e, state);
        }
    }

    private void judge(Life life, Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (!life.found() || life.baseDepth() == 0 || life.outcome() == Outcome.CONTINUATION) {
            return;
        }
        exercised();
        Frame below = cpu.frame(life.baseDepth() - 1);
        boolean trapOfProbes = below.vector() == TrapVector.BP || below.vector() == TrapVector.DB;
        if (trapOfProbes
                && !below.fromUser()
                && cpu.depth() == life.baseDepth()
                && !cpu.inUserHandler()
                && !isHandlerOfTheHook(life, cpu, state)
                && !state.guest().isUserHandlerAt(life.address())) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    "a probe hit at " + state.guest().place(life.address()) + ", on the path of the "
                            + TrapVector.name(below.vector()) + " itself",
                    cause(below.entryOrdinal(), "the trap on whose path the probe lies"),
                    cause(life.hitOrdinal(), "the hit"));
        }
    }

    /** Whether it hit inside the hook, where that calls the handlers of a probe that it has made current. */
    private static boolean isHandlerOfTheHook(Life life, CpuState cpu, ReplayState state) {
        boolean calling = life.currentAtHit() != 0
                && (life.statusAtHit() == KprobeStatus.KPROBE_HIT_ACTIVE
                        || life.statusAtHit() == KprobeStatus.KPROBE_HIT_SSDONE);
        boolean inHook = false;
        for (int level = 0; level < cpu.calls(); level++) {
            Role role = state.guest().role(cpu.callRow(level));
            boolean hook = role == Role.KPROBE_HANDLER || role == Role.POST_KPROBE_HANDLER;
            inHook |= hook && cpu.callDepth(level) == life.baseDepth();
        }
        return calling && inHook;
    }
}
