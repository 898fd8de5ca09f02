package trapline.review;

import java.util.List;

/**
 * All that a review found out.
 *
 * @param base the old handler
 * @param now the new one
 * @param rows each scenario, in the order asked for
 * @param findings causes for which scenarios are worse
 * @param windows opened and closed
 * @param latencies that moved
 * @param swept what the window sweeps were
 */
public record Report(
        Side base,
        Side now,
        List<Row> rows,
        List<Finding> findings,
        List<WindowShift> windows,
        List<LatencyShift> latencies,
        Swept swept) {

    /**
     * A latency that moved.
     *
     * @param span which
     * @param scenario in which
     * @param before median with the old handler, in retired instructions
     * @param after median with the new one
     */
    public record LatencyShift(String span, String scenario, long before, long after) {}

    /**
     * What was swept.
     *
     * @param stimuli names
     * @param scenarios how many, each without its own schedule
     * @param tooLong scenarios whose runs are too long for that
     * @param runs how many, both handlers together
     */
    public record Swept(List<String> stimuli, int scenarios, int tooLong, long runs) {}

    /** Windows that the new handler has and the old one has not. */
    public List<WindowShift> opened() {
        return windows.stream().filter(WindowShift::opened).toList();
    }

    /** Windows that the old handler had and the new one has not. */
    public List<WindowShift> closed() {
        return windows.stream().filter(w -> !w.opened()).toList();
    }

    /** Scenarios in which something does not go wrong any more, and nothing else goes wrong instead. */
    public List<Row> better() {
        return rows.stream()
                .filter(row -> !row.better().isEmpty() && row.worse().isEmpty())
                .toList();
    }

    /** Scenarios in which something goes wrong as before. */
    public List<Row> known() {
        return rows.stream().filter(row -> !row.known().isEmpty()).toList();
    }

    /** Scenarios that could not run. */
    public List<Row> troubled() {
        return rows.stream().filter(row -> !row.trouble().isEmpty()).toList();
    }

    /** Whether something goes wrong that did not before. */
    public boolean worse() {
        return !findings.isEmpty() || !opened().isEmpty();
    }

    /** Whether nothing at all goes differently, latencies aside. */
    public boolean unchanged() {
        return !worse() && better().isEmpty() && closed().isEmpty();
    }
}
