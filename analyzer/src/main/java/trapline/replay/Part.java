package trapline.replay;

import org.jspecify.annotations.Nullable;
import trapline.codec.passage.Passage;
import trapline.codec.passage.PassageConsumer;
import trapline.codec.passage.Passages;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.StreamState;

/**
 * Hands a part of a stream to a replay: from the first point of rest in one block to the first one in another. Both are
 * found from what the journal itself knows at the start of a block, so that whoever replays the part before ends where
 * this one begins.
 *
 * <pre>
 *  block          block                    block
 *  |---rest-------|--- ... ----------------|---rest-----
 *      begin                               tail end
 * </pre>
 */
final class Part implements PassageConsumer {

    private static final int QUIET = Eflags.IF;

    private final Repeats repeats;
    private final Replay replay;
    private final @Nullable Junction from;
    private final long tail;
    private @Nullable StreamState before;
    private boolean running;
    private boolean broken;
    private boolean inTail;
    private long begin;
    private long end = -1;
    private long lastStep = Long.MAX_VALUE;

    /**
     * Prepares a part.
     *
     * @param from what is known at its begin; null where it begins with the stream
     * @param tail ordinal of the first event of the block in which it ends; the largest number where it ends with the
     *     stream
     */
    Part(Repeats repeats, @Nullable Junction from, long tail) {
        this.repeats = repeats;
        this.replay = repeats.replay();
        this.from = from;
        this.tail = tail;
        running = from == null;
    }

    @Override
    public boolean wantsArithmetic() {
        return false;
    }

    @Override
    public void resume(StreamState state) {
        // Only the state that the first block starts with is news; any other contradicts the events.
        broken |= running || end >= 0 || before != null;
        before = state.copy();
    }

    @Override
    public @Nullable Passages passages() {
        return repeats.passages();
    }

    @Override
    public boolean rests() {
        return end >= 0 || (running && !inTail && repeats.rests());
    }

    @Override
    public boolean again(Passage passage) {
        return end >= 0 || repeats.again(passage); // behind its end nothing matters
    }

    @Override
    public void passed(Passage passage) {
        repeats.passed(passage);
    }

    @Override
    public void accept(Event e) {
        if (running && e.ordinal() < tail) {
            repeats.accept(e);
        } else if (running) {
            finish(e);
        } else if (end < 0) {
            seek(e);
        }
    }

    private void finish(Event e) {
        if (rests(e, replay.state().stream())) {
            running = false;
            end = e.ordinal();
        } else {
            repeats.accept(e);
            inTail = true;
        }
    }

    private void seek(Event e) {
        StreamState state = before;
        if (state == null || from == null || !state.hasCpu(e.cpu())) {
            broken = true;
        } else if (rests(e, state)) {
            replay.goOn(from, state);
            repeats.accept(e);
            running = true;
            begin = e.ordinal();
            lastStep = Long.MAX_VALUE;
        } else {
            state.apply(e);
        }
    }

    /** Whether the stream rests before an event: between two instructions of which it knows both. */
    private boolean rests(Event e, StreamState state) {
        boolean between = e.step() > lastStep;
        lastStep = e.step();
        if (!between) {
            return false;
        }
        Guest guest = replay.state().guest();
        boolean rests = true;
        for (int cpu = 0; rests && cpu < state.cpus(); cpu++) {
            rests = state.frameDepth(cpu) == 0
                    && (state.eflags(cpu) & (Eflags.IF | Eflags.TF)) == QUIET
                    && guest.value(state, Role.CURRENT, cpu) == 0;
        }
        return rests;
    }

    /** The first event of it. */
    long begin() {
        return begin;
    }

    /** The first event behind it; -1 where it has none, because it reaches to the end of the stream or of the search. */
    long end() {
        return end;
    }

    /** Whether its events came one after the other without a gap. */
    boolean isWhole() {
        return !broken && running == (tail == Long.MAX_VALUE);
    }
}
