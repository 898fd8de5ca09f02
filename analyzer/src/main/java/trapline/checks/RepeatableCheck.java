package trapline.checks;

import trapline.replay.Repeatable;
import trapline.replay.ReplayListener;

/**
 * A check that can be taken in parts: it tells what it remembers from one hit to the next, and what it counts depends
 * neither on the status flags that arithmetic leaves nor on the second and third argument of a call, unless it says so
 * ({@link #ignoresNoise()}).
 */
public abstract class RepeatableCheck extends Check implements Repeatable {

    public RepeatableCheck(CheckInfo info) {
        super(info);
    }

    /** What a finding cites may lie before the part that it is in. */
    @Override
    public boolean certain() {
        return findingsCount() == 0;
    }

    @Override
    public final void add(ReplayListener other, long times) {
        addExercised((Check) other, times);
    }

    @Override
    public boolean ignoresNoise() {
        return true;
    }
}
