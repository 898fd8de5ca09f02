package trapline.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;
import trapline.text.EventTextTables;

/**
 * Runs the trackers over a stream and hands each event, with the state after it, to those of the {@link Audience} who
 * want it.
 */
public final class Replay implements Crew {

    private ReplayState state;
    private Trackers trackers;
    private final Audience audience;
    private final Guest guest;

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
        this.guest = state.guest();
        this.trackers = new Trackers(state);
        this.audience = new Audience(state.guest(), listeners);
    }

    @Override
    public Replay replay() {
        return this;
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

    @Override
    public boolean wantsArithmetic() {
        return wantsAlu();
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
        boolean inSlots = guest.inSlots(e.ip());
        LifeTracker lives = trackers.apply(e);
        for (ReplayListener listener : takers.anywhere) {
            listener.accept(e, state);
        }
        if (inSlots) {
            for (ReplayListener listener : takers.inSlots) {
                listener.accept(e, state);
            }
        }
        if (lives.moved) {
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
        lives.endEvent();
    }

    /** Whether it can take parts of a stream. */
    boolean inParts() {
        return !wantsAlu() && Arrays.stream(audience.all).allMatch(Repeatable.class::isInstance);
    }

    /**
     * What is known at the end of a part.
     *
     * @return null where something is open or unknown
     */
    @Nullable Junction junction(@Nullable Junction before) {
        RestPoint rest = RestPoint.of(state, before == null ? null : before.rest());
        List<Object> memories = new ArrayList<>();
        for (ReplayListener listener : audience.all) {
            Object memory = ((Repeatable) listener).memory();
            if (memory == null) {
                return null;
            }
            memories.add(memory);
        }
        return rest == null ? null : new Junction(rest, memories);
    }

    /**
     * Goes on at the begin of another part.
     *
     * @param stream the stream's state there; becomes a part of this
     */
    void goOn(Junction from, StreamState stream) {
        ReplayState next = from.rest().state(state.guest(), stream);
        next.kernelBreakpoints = state.kernelBreakpoints;
        next.lossy = state.lossy;
        next.strays = state.strays;
        state = next;
        trackers = new Trackers(next);
        recall(from);
    }

    /** Goes on behind events that it has not seen, which have led back to what is known here. */
    void recall(Junction here) {
        for (int i = 0; i < audience.all.length; i++) {
            ((Repeatable) audience.all[i]).recall(here.memories().get(i));
        }
    }

    /** Whether all that was said in the parts so far holds, if they began as was assumed. */
    boolean certain() {
        boolean certain = !state.lossy && state.strays == 0;
        for (int i = 0; certain && i < audience.all.length; i++) {
            certain = ((Repeatable) audience.all[i]).certain();
        }
        return certain;
    }

    /** Takes over what was counted in other parts, which came so many times. */
    void add(Replay other, long times) {
        state.kernelBreakpoints += other.state.kernelBreakpoints * times;
        for (int i = 0; i < audience.all.length; i++) {
            ((Repeatable) audience.all[i]).add(other.audience.all[i], times);
        }
    }

    /** Whether passages can be taken as a whole, for all that their events so far have shown. */
    boolean ignoresNoise() {
        return inParts()
                && Arrays.stream(audience.all).map(Repeatable.class::cast).allMatch(Repeatable::ignoresNoise);
    }

    /** What it and its listeners know, for {@link #restore}. Costs as much as there is to know. */
    public ReplayMemory save() {
        StateCopy copy = copy(audience.all);
        List<@Nullable Object[]> listeners = new ArrayList<>();
        for (ReplayListener listener : audience.all) {
            listeners.add(copy.values(listener));
        }
        return new ReplayMemory(copy.copy(state), copy.copy(trackers), audience.all, listeners);
    }

    /**
     * Goes back to what was known then, or on to what another replay knew: of the same tables and with listeners of the same
     * classes in the same order.
     */
    public void restore(ReplayMemory memory) {
        StateCopy copy = copy(memory.owners);
        for (int i = 0; i < audience.all.length; i++) {
            copy.give(audience.all[i], memory.listeners.get(i));
        }
        state = copy.copy(memory.state);
        trackers = copy.copy(memory.trackers);
    }

    /** Listeners stay the objects that they are. */
    private StateCopy copy(ReplayListener[] owners) {
        StateCopy copy = new StateCopy();
        for (int i = 0; i < owners.length; i++) {
            copy.replacing(owners[i], audience.all[i]);
        }
        return copy;
    }

    /** Tells the listeners that the stream has ended. */
    public void end() {
        for (ReplayListener listener : audience.all) {
            listener.end(state);
        }
    }
}
