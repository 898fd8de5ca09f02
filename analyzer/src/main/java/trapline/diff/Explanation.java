package trapline.diff;

import java.util.List;
import trapline.events.Event;

/**
 * How one run came to a divergence.
 *
 * @param before events before the paths part, the last few
 * @param deciding the read of probed text, the lookup or the variable that decided, and where
 * @param branch the last instruction before the paths part that wrote EFLAGS for a branch, and where
 * @param branchAddress address of that instruction; -1 if there is none
 * @param after events from there on, the first few
 * @param outcome values at the end of it, such as {@code kprobe_status SS}
 */
public record Explanation(
        List<Event> before,
        String deciding,
        String branch,
        long branchAddress,
        List<Event> after,
        List<String> outcome) {}
