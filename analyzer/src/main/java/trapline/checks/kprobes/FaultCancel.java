package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Note;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** FAULT-CANCEL (V18): a fault of a stepped instruction looks as if no probe were there. */
final class FaultCancel extends MemorylessCheck {

    FaultCancel() {
        super(CheckInfo.of(
                        "FAULT-CANCEL",
                        "V18",
                        "If the probed instruction faults, the fault is handled with eip at the instruction itself, TF"
                                + " and IF as at the hit, and the probe no longer current.")
                .cites("kprobe_fault_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except("an exception table entry redirects eip to its fixup"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.DIE);
    }

    /** A fault in a slot finds no exception table entry: those are for the original address. */
    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (top == null || !isFault(top.vector()) || !state.guest().inSlots(top.ip())) {
            return;
        }
        exercised();
        if (diesInSlot(e, state, top)) {
            violated(
                    e,
                    state,
                    top.serves() == null ? "none" : probeName(top.serves(), state),
                    "the kernel dies of a fault at " + state.guest().place(top.ip())
                            + ": nobody moved eip from the slot back to the probed instruction",
                    cause(top.entryOrdinal(), "the fault in the slot"));
        }
    }

    /** Whether eip still is in the slot when the kernel dies; where the death does not say, whether the step goes on. */
    private static boolean diesInSlot(Event e, ReplayState state, Frame fault) {
        long where = e.value(Note.VALUE);
        Life life = fault.serves();
        return where != 0 ? state.guest().inSlots(where) : life == null || !life.popped();
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (!isFault(life.trapVector())) {
            return;
        }
        exercised();
        if (life.outcome() == Outcome.ABANDONED) {
            report(life, e, state, "its instruction faulted, but the step was not cancelled");
        } else if (life.outcome() == Outcome.CANCELLED) {
            cancelled(life, e, state);
        }
    }

    private void cancelled(Life life, Event e, ReplayState state) {
        if (state.guest().inSlots(life.endIp())) {
            report(life, e, state, "after the fault the CPU goes on in the slot");
        } else if (Flag.TF.in(life.endEflags()) != Flag.TF.in(life.pushedEflags())) {
            report(life, e, state, "TF of the step is still set after the fault: the retry traps again");
        } else if (Flag.IF.in(life.endEflags()) != Flag.IF.in(life.pushedEflags())) {
            report(life, e, state, "IF is not restored after the fault");
        } else if (life.preemptDelta() != 0) {
            report(life, e, state, "preempt_count is not restored after the fault");
        }
    }

    private static boolean isFault(int vector) {
        return vector >= 0 && vector != TrapVector.DB && vector != TrapVector.BP && vector != TrapVector.NMI;
    }

    private void report(Life life, Event e, ReplayState state, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                probeName(life, state) + " at " + state.guest().place(life.address()) + ": " + what,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the step begins"),
                cause(life.trapOrdinal(), "the fault"),
                cause(life.popOrdinal(), "no longer current"));
    }
}
