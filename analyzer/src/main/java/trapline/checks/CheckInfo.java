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

    /**
     * Begins a description.
     *
     * @param id stable id
     * @param invariant the invariant it judges
     * @param claim one sentence
     */
    public static Builder of(String id, String invariant, String claim) {
        return new Builder(id, invariant, claim);
    }

    /** Collects the rest of a description. */
    public static final class Builder {
        private final String id;
        private final String invariant;
        private final String claim;
        private String citation = "";
        private Set<EventKind> kinds = Set.of();
        private Set<Role> roles = Set.of();

        private Builder(String id, String invariant, String claim) {
            this.id = id;
            this.invariant = invariant;
            this.claim = claim;
        }

        public Builder cites(String functions) {
            citation = functions;
            return this;
        }

        public Builder needs(EventKind... needed) {
            kinds = Set.of(needed);
            return this;
        }

        public Builder declared(Role... needed) {
            roles = Set.of(needed);
            return this;
        }

        public CheckInfo except(String... legal) {
            return new CheckInfo(id, invariant, claim, citation, kinds, roles, List.of(legal));
        }
    }
}
