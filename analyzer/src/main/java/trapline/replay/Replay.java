package trapline.replay;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.EventTextTables;
import trapline.events.FlagCause;

/**
 * Runs the trackers over a stream and hands each event, with the state after it, to those who want its kind. Who wants
 * what is asked once, so that an event costs its trackers and its listeners, and nothing for the others.
 */
public final class Replay implements EventConsumer {

    private static final ReplayListener[] NOBODY = {};

    private final ReplayState state;
    private final Trackers trackers;
    private final ReplayListener[] listeners;
    private final ReplayListener[] aluListeners;
    private final ReplayListener[][] byKind;

    /**
     * Prepares a replay from the first event on.
     *
     * @param tables tables of the stream
     * @param listeners who takes part, in the order in which each event reaches them
     */
    public Replay(EventTextTables tables, List<? extends ReplayListener> listeners) {
        this(new ReplayState(new Guest(tables)), listeners);
    }

    /**
     * Prepares a replay that goes on from a state.
     *
     * @param state the state, which this replay changes
     * @param listeners who takes part
     */
    public Replay(ReplayState state, List<? extends ReplayListener> listeners) {
        this.state = state;
        this.trackers = new Trackers(state);
        this.listeners = listeners.toArray(NOBODY);
        aluListeners = listeners.stream().filter(ReplayListener::wantsAlu).toArray(ReplayListener[]::new);
        Map<EventKind, List<ReplayListener>> wanting = new EnumMap<>(EventKind.class);
        for (ReplayListener listener : listeners) {
            for (EventKind kind : listener.kinds()) {
                wanting.computeIfAbsent(kind, k -> new ArrayList<>()).add(listener);
            }
        }
        byKind = new ReplayListener[EventKind.values().length][];
        for (EventKind kind : EventKind.values()) {
            byKind[kind.code()] = wanting.getOrDefault(kind, List.of()).toArray(NOBODY);
        }
    }

    /** The state after the last event. */
    public ReplayState state() {
        return state;
    }

    @Override
    public void accept(Event e) {
        if (!state.hasCpu(e.cpu())) {
            return;
        }
        if (e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()) {
            state.stream().applyFlags(e.cpu(), e.step(), e.intValue(EflagsWrite.NEW));
            for (ReplayListener listener : aluListeners) {
                listener.accept(e, state);
            }
            return;
        }
        LifeTracker lives = trackers.apply(e);
        for (ReplayListener listener : byKind[e.kind().code()]) {
            listener.accept(e, state);
        }
        if (lives.begun != null || lives.left != null || lives.overCount > 0) {
            moments(e, lives);
        }
        if (e.kind() == EventKind.LOST) {
            for (ReplayListener listener : listeners) {
                listener.lost(e, state);
            }
        }
    }

    private void moments(Event e, LifeTracker lives) {
        for (int i = 0; i < lives.overCount; i++) {
            for (ReplayListener listener : listeners) {
                listener.over(lives.over[i], e, state);
            }
        }
        if (lives.left != null) {
            for (ReplayListener listener : listeners) {
                listener.left(lives.left, e, state);
            }
        }
        if (lives.begun != null) {
            for (ReplayListener listener : listeners) {
                listener.hit(lives.begun, e, state);
            }
        }
    }

    /** Tells the listeners that the stream has ended. */
    public void end() {
        for (ReplayListener listener : listeners) {
            listener.end(state);
        }
    }
}
