package trapline.checks.kprobes;

import trapline.checks.Check;
import trapline.checks.CheckInfo;
import trapline.events.Event;
import trapline.replay.Life;
import trapline.replay.ReplayState;

/** At most so many hits: a check that counts in a field and has never heard of parts. */
public final class Naive extends Check {

    static final CheckInfo INFO =
            CheckInfo.of("AT-MOST", "test", "There are not too many hits.").except();

    private final int max;
    private int hits;

    /**
     * Claims.
     *
     * @param max hits that are allowed
     */
    public Naive(int max) {
        super(INFO);
        this.max = max;
    }

    @Override
    public void hit(Life life, Event e, ReplayState state) {
        exercised();
        hits++;
        if (hits > max) {
            violated(e, state, probeName(life, state), "hit " + hits + " of at most " + max);
        }
    }
}
