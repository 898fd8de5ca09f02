package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Shown;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** HANDLER-OBEYED (V43): what a handler writes and returns is what happens. */
final class HandlerObeyed extends MemorylessCheck {

    HandlerObeyed() {
        super(CheckInfo.of(
                        "HANDLER-OBEYED",
                        "V43",
                        "A pre_handler that returns non-zero decides where the CPU goes on, and one that returns 0 does"
                                + " not; the ip and the registers that a handler writes are those with which the probed code"
                                + " goes on.")
                .cites("kprobe_handler(), post_kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_EXIT)
                .declared(Role.CURRENT, Role.KPROBE_HANDLER)
                .except("a pre_handler that writes ip and returns 0: the instruction is executed all the same"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.SHOWN);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.KPROBE_HANDLER || role == Role.POST_KPROBE_HANDLER;
    }

    /** The hook returns: the registers that handlers wrote must still be in the image. */
    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (e.value(Shown.LEAVING) == 0 || top == null || e.value(Shown.FRAME) != top.id()) {
            return;
        }
        Life life = top.hit() != null && top.hit().claimed() ? top.hit() : top.serves();
        long written = life == null ? 0 : life.handlerRegisters();
        if (life == null || written == 0 || life.writtenIn() != top.entryOrdinal()) {
            return;
        }
        exercised();
        long lost = written & ~e.value(Shown.DIFFERS);
        if (lost != 0) {
            report(life, e, state, "a handler wrote " + RegisterNames.names(lost) + ", and what it wrote is lost");
        }
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.preCalls() == 0 || (life.handedOver() && life.outcome() != Outcome.HANDED_OVER)) {
            return; // its longjmp has ended what the pre_handler began
        }
        exercised();
        if (life.outcome() == Outcome.STEPPING && life.preResult() != 0 && !life.isReentry()) {
            report(life, e, state, "its pre_handler returned non-zero, but the instruction is stepped all the same");
        } else if (life.outcome() == Outcome.HANDED_OVER && life.preResult() == 0) {
            report(life, e, state, "its pre_handler returned 0, but the instruction is not executed");
        } else if (life.outcome() == Outcome.HANDED_OVER
                && life.movedOrdinal() >= 0
                && life.leftIp() != life.movedIp()) {
            report(
                    life,
                    e,
                    state,
                    "its pre_handler sent it to " + state.guest().place(life.movedIp()) + ", but it goes on at "
                            + state.guest().place(life.leftIp()));
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (!life.claimed() || !cpu.livesKnown() || life.strayPop()) {
            return;
        }
        if (life.outcome() == Outcome.DIRECT && life.preResult() != 0 && life.preCalls() > 0 && !life.handedOver()) {
            exercised();
            if (state.guest().inSlots(life.endIp())) {
                report(
                        life,
                        e,
                        state,
                        "its pre_handler returned non-zero, but the instruction is executed all the same");
            } else if (life.movedOrdinal() >= 0 && life.endIp() != life.movedIp()) {
                report(
                        life,
                        e,
                        state,
                        "its pre_handler sent it to " + state.guest().place(life.movedIp()) + ", but it goes on at "
                                + state.guest().place(life.endIp()));
            }
        } else if (life.movedByPost() && life.outcome() != Outcome.ABANDONED) {
            exercised();
            if (life.endIp() != life.movedIp()) {
                report(
                        life,
                        e,
                        state,
                        "its post_handler sent it to " + state.guest().place(life.movedIp()) + ", but it goes on at "
                                + state.guest().place(life.endIp()));
            }
        }
    }

    private void report(Life life, Event e, ReplayState state, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                "the hit of " + probeName(life, state) + " at " + state.guest().place(life.address()) + ": " + what,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.movedOrdinal(), "the handler that wrote ip returns"),
                cause(life.trapOrdinal(), "the trap that ended the step"));
    }
}
