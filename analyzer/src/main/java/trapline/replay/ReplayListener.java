package trapline.replay;

import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;

/**
 * Takes events together with the state after them. An event's own method comes first, then the moments of lives that
 * it brought about.
 */
public abstract class ReplayListener {

    /** The kinds it wants; arithmetic EFLAGS writes come only to one that also says {@link #wantsAlu()}. */
    public abstract Set<EventKind> kinds();

    /** Whether it wants arithmetic EFLAGS writes too. */
    public boolean wantsAlu() {
        return false;
    }

    /**
     * Whether it wants events of a kind that are about a row of the observation table (variables and calls), for rows of
     * a role. Asked only for its kinds, and before the first event.
     */
    public boolean wants(EventKind kind, Role role) {
        return true;
    }

    /** Whether it wants events of its kinds only where they happen in the instruction slots. */
    public boolean onlyInSlots() {
        return false;
    }

    /**
     * An event of one of its kinds.
     *
     * @param event reused view
     * @param state the state after the event
     */
    public void accept(Event event, ReplayState state) {}

    /** A #BP was taken in kernel mode: a life begins. */
    public void hit(Life life, Event event, ReplayState state) {}

    /** The handler of a #BP has returned and the life goes on: it steps, or was handed over. */
    public void left(Life life, Event event, ReplayState state) {}

    /** A life is over. */
    public void over(Life life, Event event, ReplayState state) {}

    /** Events were lost; what nests is forgotten. */
    public void lost(Event event, ReplayState state) {}

    /** The stream has ended. */
    public void end(ReplayState state) {}
}
