package trapline.checks.kprobes;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;

/** What the claims about the int3 behind the instruction in a slot have in common: they look at its #BP. */
abstract class Int3Step extends MemorylessCheck {

    Int3Step(CheckInfo info) {
        super(info);
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        Frame frame = cpu(e, state).top();
        Life stepped = frame == null ? null : endedBy(frame, state);
        if (frame != null && stepped != null) {
            judge(stepped, frame, e, state);
        }
    }

    /** The life whose step the int3 of a slot has ended, or null. */
    private static @Nullable Life endedBy(Frame frame, ReplayState state) {
        Life life = frame.serves();
        if (life == null || frame.vector() != TrapVector.BP || life.slot() == life.address()) {
            return null;
        }
        return life.inSlot(frame.trapIp()) || state.guest().inSlots(frame.trapIp()) ? life : null;
    }

    /**
     * The int3 of a slot was hit.
     *
     * @param life the hit that was stepped
     * @param frame the trap of the second int3
     */
    abstract void judge(Life life, Frame frame, Event e, ReplayState state);
}
