package trapline.checks.kprobes;

import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** EIP-AFTER-STEP (V14): the probed code goes on where it would have gone without a probe. */
final class EipAfterStep extends MemorylessCheck {

    EipAfterStep() {
        super(CheckInfo.of(
                        "EIP-AFTER-STEP",
                        "V14",
                        "After a step eip is relative to the probed instruction as it was to the slot, or, after an"
                                + " absolute transfer, what the instruction made it; never in a slot.")
                .cites("resume_execution()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "a REP string instruction in progress: eip is at the instruction again",
                        "MOV SS and POP SS take the next instruction along",
                        "a post_handler sends the code elsewhere"));
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.outcome() != Outcome.STEPPED || life.slot() == 0 || life.strayPop() || life.movedByPost()) {
            return;
        }
        exercised();
        long relative = relative(life);
        Opcode opcode = Opcode.at(life.address(), state.text());
        boolean relativeFits = life.endIp() == relative && opcode != Opcode.ABSOLUTE;
        boolean absoluteFits = life.endIp() == life.trapIp() && opcode != Opcode.RELATIVE;
        boolean inSlots = state.guest().inSlots(life.endIp()) || (life.inSlot(life.endIp()) && !inLine(life));
        if (!inSlots && (relativeFits || absoluteFits)) {
            return;
        }
        violated(
                e,
                state,
                probeName(life, state),
                String.format(
                        "after the step of %s at %s the CPU goes on at %s, but the instruction led to %s",
                        probeName(life, state),
                        state.guest().place(life.address()),
                        state.guest().place(life.endIp()),
                        state.guest().place(opcode == Opcode.ABSOLUTE ? life.trapIp() : relative)),
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the step begins here"),
                cause(life.trapOrdinal(), "and ends here"));
    }

    /** Where a life goes on whose instruction is relative to its place. */
    static long relative(Life life) {
        // Behind the int3 that ends the slot; a probed int3 stepped in place leads behind itself.
        long behind = life.trapVector() == TrapVector.BP && !inLine(life) ? 1 : 0;
        return life.address() + (life.trapIp() - life.slot()) - behind;
    }

    private static boolean inLine(Life life) {
        return life.slot() == life.address();
    }
}
