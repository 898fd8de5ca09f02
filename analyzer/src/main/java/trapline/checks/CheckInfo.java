package trapline.checks;

import java.util.List;
import java.util.Set;
import trapline.events.EventKind;
import trapline.replay.Role;

/**
 * What is to be known about a check before it runs.
 *
 * @param id stable, upper case, hyphenated
 * @param invariant the invariant of the kprobes facts that it judges, such as {@code V1}
 * @param claim one sentence that holds in every correct run
 * @param citation kernel functions that establish it
 * @param needsKinds kinds of events without which it cannot judge
 * @param needsRoles rows of the observation table without which it cannot judge
 * @param exceptions what looks like a violation and is legal
 */
public record CheckInfo(
        String id,
        String invariant,
        String claim,
        String citation,
        Set<EventKind> needsKinds,
        Set<Role> needsRoles,
        List<String> exceptions) {

    public CheckInfo {
        needsKinds = Set.copyOf(needsKinds);
        needsRoles = Set.copyOf(needsRoles);
        exceptions = List.copyOf(exceptions);
    }
}
