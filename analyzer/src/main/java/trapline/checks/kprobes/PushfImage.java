package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** PUSHF-IMAGE (V16): the flags that a probed pushf pushes are those of the program. */
final class PushfImage extends RepeatableCheck {

    PushfImage() {
        super(CheckInfo.of(
                        "PUSHF-IMAGE",
                        "V16",
                        "After a stepped pushf TF and IF of the pushed flags are those of the probed code, not those of the"
                                + " step.")
                .cites("resume_execution()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.TEXT_WRITE)
                .declared(Role.CURRENT)
                .except("a boosted or emulated pushf"));
    }

    private static final int PUSHF = 0x9c;
    private static final long STEP = Eflags.TF | Eflags.IF;

    /** By the #DB of a step, the last store to the word on top of its stack. */
    private final Map<Long, Long> written = new HashMap<>();

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.STACK_WRITE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (top != null && top.serves() != null && e.value(StackWrite.ADDRESS) == top.esp()) {
            written.put(top.entryOrdinal(), e.value(StackWrite.NEW));
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        Long stored = written.remove(life.trapOrdinal());
        Integer opcode = Opcode.byteOf(life.address(), state.text());
        boolean delivered = state.guest().tables().delivers().contains(EventKind.STACK_WRITE);
        if (!delivered
                || life.outcome() != Outcome.STEPPED
                || life.trapVector() != TrapVector.DB
                || opcode == null
                || opcode != PUSHF) {
            return;
        }
        exercised();
        long image = (stored != null ? stored : life.leftEflags()) & STEP;
        long had = life.pushedEflags() & STEP & ~life.handlerWrote();
        if ((image & ~life.handlerWrote()) != had) {
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "the pushf at %s was stepped, and the flags it pushed say %s where the probed code had %s",
                            state.guest().place(life.address()), said(image), said(had)),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(life.leftOrdinal(), "the step begins with these flags"),
                    cause(life.trapOrdinal(), "and ends here"));
        }
    }

    private static String said(long flags) {
        return "TF=" + Flag.TF.bit(flags) + " IF=" + Flag.IF.bit(flags);
    }

    /** No trap is open at a point of rest. */
    @Override
    public @Nullable Object memory() {
        return List.of();
    }

    @Override
    public void recall(Object memory) {
        written.clear();
    }
}
