package trapline.schedule;

import java.util.Map;
import java.util.TreeMap;
import trapline.events.EventKind;

/** When something is to be done; as a text, in a scenario's words. */
public sealed interface Trigger {

    /**
     * As soon as so many instructions have retired on all CPUs together.
     *
     * @param step at least 0
     */
    record AtStep(long step) implements Trigger {
        @Override
        public String toString() {
            return "step " + step;
        }
    }

    /**
     * When control is about to execute an instruction for the k-th time, before traps that are pending there.
     *
     * @param place the instruction
     * @param count k, from 1
     * @param cpu only arrivals of this CPU count; -1: of all
     */
    record AtPlace(Place place, int count, int cpu) implements Trigger {
        @Override
        public String toString() {
            return "arrival " + count + " at " + place + on(cpu);
        }
    }

    /**
     * At the instruction boundary after the k-th event of a kind.
     *
     * @param kind kind of event
     * @param where values that fields must have, by field name: numbers, labels, or names of observed objects
     * @param count k, from 1
     * @param cpu only events of this CPU count; -1: of all
     */
    record AtEvent(EventKind kind, Map<String, String> where, int count, int cpu) implements Trigger {
        /** Copies the map. */
        public AtEvent {
            where = Map.copyOf(where);
        }

        @Override
        public String toString() {
            String fields =
                    where.isEmpty() ? "" : " " + new TreeMap<>(where).toString().replace("=", ": ");
            return kind.label() + fields + " " + count + on(cpu);
        }
    }

    private static String on(int cpu) {
        return cpu < 0 ? "" : " on cpu " + cpu;
    }
}
