package trapline.replay;

import java.util.List;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.EventTextTables;
import trapline.events.FlagCause;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/**
 * Runs the trackers over a stream and hands each event, with the state after it, to those of the {@link Audience} who
 * want it.
 */
public final class Replay implements StreamConsumer {

    private final ReplayState state;
    private final Trackers trackers;
    private final Audience audience;

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
        this.audience = new Audience(state.guest(), listeners);
    }

    /** The state after the last event. */
    public ReplayState state() {
        return state;
    }

    /**
     * Whether arithmetic EFLAGS writes must be handed in. Where they are left out, the state lacks nothing but the six
     * status flags: every other event brings its own step.
     */
    public boolean wantsAlu() {
        return audience.alu.length > 0;
    }

    /** Goes on behind lost events with what the journal knows: flags and variables, though not who wrote them. */
    @Override
    public void resume(StreamState stream) {
        trackers.resume(stream);
    }

    @Override
    public void accept(Event e) {
        if (!state.hasCpu(e.cpu())) {
            return;
        }
        if (e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()) {
            arithmetic(e);
            return;
        }
        // Who wants it is asked first, so that the asking is compiled in here before the trackers use up the room.
        Audience.Takers takers = audience.of(e);
        boolean inSlots = takers.inSlots.length > 0 && state.guest().inSlots(e.eip());
        LifeTracker lives = trackers.apply(e);
        for (ReplayListener listener : takers.anywhere) {
            listener.accept(e, state);
        }
        if (inSlots) {
            for (ReplayListener listener : takers.inSlots) {
                listener.accept(e, state);
            }
        }
        if (lives.begun != null || lives.left != null || lives.overCount > 0) {
            moments(e, lives);
        }
        if (e.kind() == EventKind.LOST) {
            lost(e);
        }
    }

    private void arithmetic(Event e) {
        state.stream().applyFlags(e.cpu(), e.step(), e.intValue(EflagsWrite.NEW));
        for (ReplayListener listener : audience.alu) {
            listener.accept(e, state);
        }
    }

    private void lost(Event e) {
        for (ReplayListener listener : audience.all) {
            listener.lost(e, state);
        }
    }

    private void moments(Event e, LifeTracker lives) {
        for (int i = 0; i < lives.overCount; i++) {
            for (ReplayListener listener : audience.over) {
                listener.over(lives.over[i], e, state);
            }
        }
        if (lives.left != null) {
            for (ReplayListener listener : audience.left) {
                listener.left(lives.left, e, state);
            }
        }
        if (lives.begun != null) {
            for (ReplayListener listener : audience.hit) {
                listener.hit(lives.begun, e, state);
            }
        }
    }

    /** Tells the listeners that the stream has ended. */
    public void end() {
        for (ReplayListener listener : audience.all) {
            listener.end(state);
        }
    }
}
