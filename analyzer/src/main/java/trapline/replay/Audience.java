package trapline.replay;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;

/**
 * Who takes part in a replay, sorted by what each wants: everybody is asked once, so that an event costs those who want
 * it and nobody else.
 */
final class Audience {

    private static final ReplayListener[] NOBODY = {};

    /** Kinds whose events are about a row of the observation table, which is their first field. */
    private static final Set<EventKind> ABOUT_ROWS = EnumSet.of(
            EventKind.KPROBE_STATUS,
            EventKind.CURRENT_KPROBE,
            EventKind.WATCH,
            EventKind.CALL_ENTRY,
            EventKind.CALL_EXIT);

    final ReplayListener[] all;
    final ReplayListener[] alu;
    final ReplayListener[] hit;
    final ReplayListener[] left;
    final ReplayListener[] over;

    /** For each kind by row; the last is for any other row, and for all events of a kind that is about none. */
    private final Takers[][] takers = new Takers[EventKind.values().length][];

    /** Who wants an event, and who besides if it happened in the instruction slots. */
    static final class Takers {

        final ReplayListener[] anywhere;
        final ReplayListener[] inSlots;

        private Takers(ReplayListener[] anywhere, ReplayListener[] inSlots) {
            this.anywhere = anywhere;
            this.inSlots = inSlots;
        }
    }

    Audience(Guest guest, List<? extends ReplayListener> listeners) {
        all = listeners.toArray(NOBODY);
        alu = those(listeners, ReplayListener::wantsAlu);
        hit = those(listeners, l -> takes(l, "hit"));
        left = those(listeners, l -> takes(l, "left"));
        over = those(listeners, l -> takes(l, "over"));
        for (EventKind kind : EventKind.values()) {
            Map<Role, Takers> ofRoles = new EnumMap<>(Role.class);
            int rows = ABOUT_ROWS.contains(kind) ? guest.tables().observed().size() : 0;
            takers[kind.code()] = new Takers[rows + 1];
            for (int row = 0; row <= rows; row++) {
                takers[kind.code()][row] =
                        ofRoles.computeIfAbsent(guest.role(row), role -> takers(listeners, kind, role));
            }
        }
    }

    private static Takers takers(List<? extends ReplayListener> listeners, EventKind kind, Role role) {
        boolean aboutRow = ABOUT_ROWS.contains(kind);
        return new Takers(
                those(listeners, l -> wants(l, kind) && !l.onlyInSlots() && (!aboutRow || l.wants(kind, role))),
                those(listeners, l -> wants(l, kind) && l.onlyInSlots()));
    }

    private static boolean wants(ReplayListener listener, EventKind kind) {
        return listener.kinds().contains(kind);
    }

    private static ReplayListener[] those(List<? extends ReplayListener> listeners, Predicate<ReplayListener> which) {
        return listeners.stream().filter(which).toArray(ReplayListener[]::new);
    }

    /** Whether a listener has its own method for a moment of a life. */
    private static boolean takes(ReplayListener listener, String moment) {
        try {
            return listener.getClass()
                            .getMethod(moment, Life.class, Event.class, ReplayState.class)
                            .getDeclaringClass()
                    != ReplayListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who wants an event. */
    Takers of(Event e) {
        Takers[] ofKind = takers[e.kind().code()];
        int last = ofKind.length - 1;
        long row = e.value(Variable.VARIABLE);
        return ofKind[row >= 0 && row < last ? (int) row : last];
    }
}
