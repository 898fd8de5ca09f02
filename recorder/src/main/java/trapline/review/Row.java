package trapline.review;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.explore.Outcome;
import trapline.scenario.Scenario;

/**
 * One scenario under both handlers.
 *
 * @param name the scenario's
 * @param title what it is about, one line
 * @param before with the old handler's object
 * @param after with the new one's
 * @param old how it went with the old handler; null if it could not run
 * @param now how it went with the new one; null if it could not run
 * @param trouble why one could not run; empty otherwise
 */
public record Row(
        String name,
        String title,
        Scenario before,
        Scenario after,
        @Nullable Outcome old,
        @Nullable Outcome now,
        String trouble) {

    /** What goes wrong now and did not before. */
    public List<Outcome.Failure> worse() {
        return old == null || now == null ? List.of() : now.worseThan(old);
    }

    /** What went wrong before and does not now. */
    public List<Outcome.Failure> better() {
        return old == null || now == null ? List.of() : old.worseThan(now);
    }

    /** What goes wrong now as it did before. */
    public List<Outcome.Failure> known() {
        List<String> fresh = worse().stream().map(Outcome.Failure::check).toList();
        return now == null
                ? List.of()
                : now.wrong().stream().filter(f -> !fresh.contains(f.check())).toList();
    }

    /** Whether anything was judged with both. */
    public boolean judged() {
        return old != null && now != null && old.judged() && now.judged();
    }
}
