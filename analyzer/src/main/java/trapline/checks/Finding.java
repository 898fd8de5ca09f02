package trapline.checks;

import java.util.List;
import trapline.events.Event;

/**
 * One violation of a claim.
 *
 * @param check id of the check
 * @param event the first event that violates the claim
 * @param probe name of the probe, or {@code none}
 * @param place where the event happened: function and offset
 * @param sentence what went wrong, for a kernel developer
 * @param causes what brought it about, in the order of the stream
 * @param slice the shortest list of events that shows it, causes and the violating event included
 */
public record Finding(
        String check, Event event, String probe, String place, String sentence, List<Cause> causes, List<Event> slice) {

    /**
     * An event that contributed to a violation.
     *
     * @param ordinal of the event
     * @param role what it contributed, such as {@code TF set here}
     */
    public record Cause(long ordinal, String role) {}

    /** Findings with equal signatures have the same cause for all one can tell: check, function, probe. */
    public String signature() {
        int offset = place.indexOf("+0x");
        return check + " in " + (offset < 0 ? place : place.substring(0, offset)) + " for " + probe;
    }
}
