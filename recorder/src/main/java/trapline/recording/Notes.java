package trapline.recording;

import java.util.ArrayList;
import java.util.List;
import trapline.events.Event;
import trapline.machine.tape.FlagLog;

/**
 * What the machine's thread noted of a part of a recording: the log that the machine fills, and copies of the few events that
 * it tells at once. A {@link Batch} is a copy of it for the thread that codes.
 */
final class Notes {

    private static final int TOLD_MAX = 1000;

    final FlagLog log = new FlagLog();
    final List<Event> told = new ArrayList<>();

    /** Adds an event that happened when the log had a position. */
    void add(Event happened, int position) {
        told.add(happened.copy());
        log.told(position);
        if (told.size() >= TOLD_MAX) {
            log.handOver();
        }
    }

    void clear() {
        log.clear();
        told.clear();
    }
}
