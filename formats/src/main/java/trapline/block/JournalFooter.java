package trapline.block;

import java.util.Map;
import trapline.events.EventKind;

/**
 * What a journal says of itself after its last event.
 *
 * @param events number of events
 * @param steps step of the last event
 * @param counts events of each kind that occurs, by the kind's label, in the order of the kinds
 * @param digest of the stream of events: 64 hexadecimal digits, see the package page
 * @param end why the run ended: the label of the last {@code halt} event's reason; empty if there was none
 */
public record JournalFooter(long events, long steps, Map<String, Long> counts, String digest, String end) {

    /** In how many places its source says that it lost events. */
    public long lost() {
        return counts.getOrDefault(EventKind.LOST.label(), 0L);
    }
}
