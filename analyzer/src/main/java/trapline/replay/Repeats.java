package trapline.replay;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trapline.codec.passage.Passage;
import trapline.codec.passage.Passages;
import trapline.events.Event;

/**
 * Lets a {@link Replay} take the same {@link Passage} as often as it comes. Where one leads from what is known at a point
 * of rest back to it, all its comings count for the same: a crew of its own replays it once, and what that has counted is
 * multiplied.
 *
 * <p>The replay itself has not seen those events, so what it would cite of them is not known. If it is not {@linkplain
 * Replay#certain() certain} in the end, all of it is to be forgotten, unless nothing was taken as a whole.
 */
final class Repeats {

    /** If no passage was taken after so many had come, the stream is replayed event by event. */
    private static final int REFUSALS_MAX = 256;

    /** The same after so many blocks: looking for passages costs a seventh of the time. */
    private static final int BLOCKS_IN_VAIN_MAX = 8;

    private final Replay replay;
    private final Supplier<? extends Crew> crews;
    private final Passages passages = new Passages();
    private final @Nullable Effect[] effects = new Effect[Passages.COUNT_MAX];

    /** The passage that is being replayed by a crew of its own. */
    private @Nullable Effect measured;

    /** The passage that has come last, if it was taken as a whole: the stream is still where it began. */
    private @Nullable Effect last;

    /** Whether passages may be taken as a whole. */
    private boolean possible;

    /** Whether something is to be cited after passages were taken: nothing that comes matters any more. */
    private boolean isVoid;

    private long taken;
    private int refused;
    private int blocks;

    /**
     * Prepares.
     *
     * @param replay which takes the stream
     * @param crews makes fresh crews of the same kind
     */
    Repeats(Replay replay, Supplier<? extends Crew> crews) {
        this.replay = replay;
        this.crews = crews;
        possible = replay.ignoresNoise();
    }

    /** What a passage counts for. */
    private static final class Effect {

        private final Junction at;
        private final Replay replay;
        private boolean leadsBack;
        private long times;

        Effect(Junction at, Replay replay) {
            this.at = at;
            this.replay = replay;
        }
    }

    Replay replay() {
        return replay;
    }

    /** The passages so far, as a block begins; null if every event is wanted. */
    @Nullable Passages passages() {
        possible &= taken > 0 || blocks++ < BLOCKS_IN_VAIN_MAX;
        return possible || isVoid ? passages : null;
    }

    void accept(Event e) {
        if (isVoid) {
            return;
        }
        last = null;
        replay.accept(e);
        if (measured != null) {
            measured.replay.accept(e);
        }
    }

    /** Whether a passage may begin or end here. */
    boolean rests() {
        return isVoid || (possible && replay.state().rests());
    }

    /** A passage comes again; true if it is taken as a whole. */
    boolean again(Passage passage) {
        Effect effect = effects[passage.number()];
        if (effect == null) {
            return isVoid || measures();
        }
        if (effect != last && !leadsFromHere(effect)) {
            return isVoid;
        }
        last = effect;
        effect.times++;
        taken++;
        return true;
    }

    private boolean leadsFromHere(Effect effect) {
        measured = null;
        Junction here = effect.leadsBack ? here(effect.at) : null;
        if (here != null && here.sameAs(effect.at)) {
            replay.recall(here); // what is remembered of the last events it has seen is not of the last ones any more
            return true;
        }
        refused++;
        possible &= taken > 0 || refused < REFUSALS_MAX;
        return false;
    }

    /** Lets a crew of its own replay what comes. */
    private boolean measures() {
        Junction here = here(null);
        measured = null;
        if (here != null) {
            Replay alone = crews.get().replay();
            alone.goOn(here, replay.state().stream().copy());
            measured = new Effect(here, alone);
        }
        return isVoid;
    }

    /** What is known here; the last that was known elsewhere may share what is equal. */
    private @Nullable Junction here(@Nullable Junction before) {
        if (!replay.certain()) {
            possible = false;
            isVoid = taken > 0;
        }
        return possible ? replay.junction(before) : null;
    }

    /** A passage that was not taken as a whole has come, event by event. */
    void passed(Passage passage) {
        Effect effect = measured;
        if (effect != null) {
            boolean always = effect.replay.certain() && effect.replay.ignoresNoise();
            Junction end = always ? effect.replay.junction(effect.at) : null;
            effect.leadsBack = end != null && end.sameAs(effect.at);
            effects[passage.number()] = effect;
            measured = null;
        }
    }

    /** Adds what the passages that were taken as a whole count for. */
    void end() {
        for (Effect effect : effects) {
            if (effect != null && effect.times > 0) {
                replay.add(effect.replay, effect.times);
                effect.times = 0;
            }
        }
    }

    /** How often a passage was taken as a whole. */
    long taken() {
        return taken;
    }

    /** Whether what the replay says holds, if it has seen the stream from its begin. */
    boolean holds() {
        return !isVoid && (taken == 0 || replay.certain());
    }
}
