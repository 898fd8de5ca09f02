package trapline.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;

/**
 * How one run came to a divergence.
 *
 * @param before events before the paths part, the last few
 * @param decidedStep step at which the run had what it decides by; the difference shows later
 * @param deciding the read of probed text, the lookup or the variable that decided, and where
 * @param branch the last instruction before the paths part that wrote EFLAGS for a branch, and where
 * @param branchAddress address of that instruction; -1 if there is none
 * @param after events from there on, the first few
 * @param visible the event in which the runs differ for others, where it comes later than those; else null
 * @param outcome values at the end of it, such as {@code kprobe_status SS}
 */
public record Explanation(
        List<Event> before,
        long decidedStep,
        String deciding,
        String branch,
        long branchAddress,
        List<Event> after,
        @Nullable Event visible,
        List<String> outcome) {}
