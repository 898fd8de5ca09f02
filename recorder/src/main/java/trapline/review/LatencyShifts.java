package trapline.review;

import java.util.List;
import java.util.Set;
import trapline.latency.Comparison;
import trapline.latency.LatencyTable;

/** Which latencies of a scenario moved so far that it is worth a line. */
final class LatencyShifts {

    private static final Set<String> SPANS = Set.of("hit", "kprobe-handler", "post-kprobe-handler", "if-clear");
    private static final double PERCENT_MIN = 5;

    private LatencyShifts() {}

    static List<Report.LatencyShift> of(String scenario, LatencyTable before, LatencyTable after) {
        return Comparison.of(before, after).stream()
                .filter(c -> c.percentile().name().equals("p50")
                        && SPANS.contains(c.key().span())
                        && Math.abs(c.shiftPercent()) >= PERCENT_MIN)
                .map(c -> new Report.LatencyShift(c.key().span(), scenario, c.before(), c.after()))
                .toList();
    }
}
