package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.replay.CpuState;
import trapline.replay.Life;

/**
 * Hits in whose middle others came that had to save them: who must be current when each is over. How a kernel saves them,
 * in one place or on a stack, is its own business; whether it gives them back is what can be judged.
 */
final class Unrestored {

    /** A hit that waits, and the hit for which it had to be saved. */
    record Waiting(long mustBeCurrent, long hitOrdinal, long innerOrdinal, String innerName) {}

    private final Map<Long, Waiting> waiting = new HashMap<>();

    /** A hit waits from now on: it was saved for an inner one. */
    void save(Life outer, Life inner, String innerName) {
        waiting.putIfAbsent(
                outer.hitOrdinal(),
                new Waiting(outer.currentAtHit(), outer.hitOrdinal(), inner.hitOrdinal(), innerName));
    }

    /** What was saved of a hit that is over, if it was not restored. */
    @Nullable Waiting lostAt(Life over, CpuState cpu) {
        Waiting saved = waiting.remove(over.hitOrdinal());
        return saved != null && cpu.currentKnown() && cpu.current() != saved.mustBeCurrent() ? saved : null;
    }

    void forget() {
        waiting.clear();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
