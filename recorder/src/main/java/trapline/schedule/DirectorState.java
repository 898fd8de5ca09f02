package trapline.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a {@link Director} is in its scenario. Immutable.
 *
 * @param scheduler what the policy remembers
 * @param arrivals how many arrivals each place still waits for
 * @param matches how many events each point at an event still waits for
 * @param due points whose moment has come and that are not done yet
 * @param nextByStep which of the points at steps is next
 * @param impossible why the run has to end; null if it has not
 */
public record DirectorState(
        List<Long> scheduler,
        List<Integer> arrivals,
        List<Integer> matches,
        List<Point> due,
        int nextByStep,
        @Nullable String impossible) {

    /** This state with what the policy of another one of the same scenario remembers. */
    public DirectorState withScheduler(List<Long> other) {
        return new DirectorState(other, arrivals, matches, due, nextByStep, impossible);
    }
}
