package trapline.replay;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
    private static final int KINDS = EventKind.values().length;
    private static final int ROLES = Role.values().length;

    /** For kinds that are about no row it stands for all roles. */
    private static final Role NO_ROLE = Role.OTHER;

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

    private final Guest guest;
    private final boolean[] aboutRow = new boolean[KINDS];
    private final ReplayListener[][] wanting = new ReplayListener[KINDS * ROLES][];
    private final ReplayListener[][] inSlots = new ReplayListener[KINDS][];

    Audience(Guest guest, List<? extends ReplayListener> listeners) {
        this.guest = guest;
        all = listeners.toArray(NOBODY);
        alu = those(listeners, ReplayListener::wantsAlu);
        hit = those(listeners, l -> takes(l, "hit"));
        left = those(listeners, l -> takes(l, "left"));
        over = those(listeners, l -> takes(l, "over"));
        for (EventKind kind : EventKind.values()) {
            aboutRow[kind.code()] = ABOUT_ROWS.contains(kind);
            List<ReplayListener> anywhere = new ArrayList<>(listeners);
            anywhere.removeIf(l -> l.onlyInSlots() || !l.kinds().contains(kind));
            for (Role role : aboutRow[kind.code()] ? Role.values() : new Role[] {NO_ROLE}) {
                wanting[kind.code() * ROLES + role.row()] =
                        those(anywhere, l -> !aboutRow[kind.code()] || l.wants(kind, role));
            }
            inSlots[kind.code()] =
                    those(listeners, l -> l.onlyInSlots() && l.kinds().contains(kind));
        }
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
    ReplayListener[] of(Event e) {
        int code = e.kind().code();
        Role role = aboutRow[code] ? guest.role(e.value(Variable.VARIABLE)) : NO_ROLE;
        return wanting[code * ROLES + role.row()];
    }

    /** Who wants an event besides those, because of where it happened. */
    ReplayListener[] inSlots(Event e) {
        ReplayListener[] there = inSlots[e.kind().code()];
        return there.length > 0 && guest.inSlots(e.eip()) ? there : NOBODY;
    }
}
