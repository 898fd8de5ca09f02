package trapline.checks.monitor;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the events of a monitor are called in a journal. Without a binding an event is what {@link MonitorLabels} calls so.
 *
 * <pre>
 * # of a file NAME.map beside NAME.dot
 * schedule_entry = call_schedule
 * irq_entry      = trap_other, trap_nmi
 * </pre>
 *
 * @param events for each label of a journal the events that it is to the monitor
 * @param bound events that are bound
 */
public record MonitorBinding(Map<String, Set<String>> events, Set<String> bound) {

    /** Every event is called as it is. */
    public static final MonitorBinding NONE = new MonitorBinding(Map.of(), Set.of());

    /**
     * Reads a binding.
     *
     * @param file its name, for messages
     * @throws IllegalArgumentException one line: {@code file:line: what is wrong}
     */
    public static MonitorBinding parse(String text, String file) {
        Map<String, Set<String>> events = new HashMap<>();
        Set<String> bound = new LinkedHashSet<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String words = line.replaceFirst("#.*", "").trim();
            if (words.isEmpty()) {
                continue;
            }
            List<String> sides = List.of(words.split("\\s*=\\s*", -1));
            if (sides.size() != 2 || !sides.get(0).matches("[\\w.:]+")) {
                throw new IllegalArgumentException(
                        file + ":" + number + ": 'EVENT = LABEL, LABEL' expected, not '" + words + "'");
            }
            for (String label : sides.get(1).split("[\\s,]+", -1)) {
                if (!MonitorLabels.isKnown(label)) {
                    throw new IllegalArgumentException(
                            file + ":" + number + ": no event of a journal has the label '" + label + "'");
                }
                events.computeIfAbsent(label, l -> new LinkedHashSet<>()).add(sides.get(0));
            }
            bound.add(sides.get(0));
        }
        return new MonitorBinding(events, bound);
    }

    /** The events of the monitor that a label of a journal stands for. */
    Set<String> of(String label) {
        Set<String> named = events.get(label);
        return named != null ? named : bound.contains(label) ? Set.of() : Set.of(label);
    }

    /** Whether an event of a monitor can occur in some journal. */
    boolean canOccur(String event) {
        return bound.contains(event) || MonitorLabels.isKnown(event);
    }
}
