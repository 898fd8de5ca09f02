package trapline.replay;

import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;

/**
 * Takes events together with the state after them. An event's own method comes first, then the moments of lives that
 * it brought about.
 */
public interface ReplayListener {

    /** The kinds it wants; arithmetic EFLAGS writes come only to one that also says {@link #wantsAlu()}. */
    Set<EventKind> kinds();

    /** Whether it wants arithmetic EFLAGS writes too. */
    default boolean wantsAlu() {
        return false;
    }

    /**
     * An event of one of its kinds.
     *
     * @param event reused view
     * @param state the state after the event
     */
    default void accept(Event event, ReplayState state) {}

    /** A #BP was taken in kernel mode: a life begins. */
    default void hit(Life life, Event event, ReplayState state) {}

    /** The handler of a #BP has returned and the life goes on: it steps, or was handed over. */
    default void left(Life life, Event event, ReplayState state) {}

    /** A life is over. */
    default void over(Life life, Event event, ReplayState state) {}

    /** Events were lost; what nests is forgotten. */
    default void lost(Event event, ReplayState state) {}

    /** The stream has ended. */
    default void end(ReplayState state) {}
}
