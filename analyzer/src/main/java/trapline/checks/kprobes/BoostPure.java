package trapline.checks.kprobes;

import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.replay.TextState;

/** BOOST-PURE (V36): a boosted hit is a detour, and nothing changes. */
final class BoostPure extends MemorylessCheck {

    private static final int JUMP = 0xe9;
    private static final int JUMP_BYTES = 5;
    private static final int SLOT_BYTES = 16;

    BoostPure() {
        super(CheckInfo.of(
                        "BOOST-PURE",
                        "V36",
                        "A boosted hit leaves TF, IF, preempt_count and the current probe as they were, runs no"
                                + " post_handler, and its slot ends in a jump back.")
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
        } else if (!leadsBack(life, state)) {
            wrong = "its slot has no jump back yet";
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

    /** Whether the slot leads back to behind the instruction, as far as its bytes are known: a near jump somewhere behind it. */
    private static boolean leadsBack(Life life, ReplayState state) {
        TextState text = state.text();
        if (Opcode.at(life.address(), text) != Opcode.RELATIVE) {
            return true;
        }
        for (int length = 1; length + JUMP_BYTES <= SLOT_BYTES; length++) {
            long jump = life.endIp() + length;
            Integer opcode = text.byteAt(jump);
            Integer displacement = opcode == null ? null : dword(jump + 1, text);
            if (opcode == null || (opcode == JUMP && displacement == null)) {
                return true; // not known
            }
            if (opcode == JUMP
                    && displacement != null
                    && (int) (jump + JUMP_BYTES + displacement) == (int) (life.address() + length)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Integer dword(long address, TextState text) {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            Integer part = text.byteAt(address + i);
            if (part == null) {
                return null;
            }
            value |= part << (8 * i);
        }
        return value;
    }
}
