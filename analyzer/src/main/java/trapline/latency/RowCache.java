package trapline.latency;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import trapline.latency.LatencyTable.Groups;
import trapline.replay.Guest;

/**
 * Finds the rows of one run's values without a string: a table's own search costs more than most events. For each span
 * and CPU it remembers one row without a probe and, in a few places by address, rows of probes.
 */
final class RowCache {

    private static final int SPANS = Span.values().length;
    private static final int PROBES = 16;
    private static final int PLACES = PROBES + 1;

    private final LatencyTable table;
    private final Groups groups;
    private final Guest guest;
    private final @Nullable Measured[] rows;
    private final long[] probes;

    RowCache(LatencyTable table, Groups groups, Guest guest) {
        this.table = table;
        this.groups = groups;
        this.guest = guest;
        int places = guest.cpus() * SPANS * PLACES;
        rows = new Measured[places];
        probes = new long[places];
        Arrays.fill(probes, -1);
    }

    /**
     * The row of a span.
     *
     * @param probe address of the probe, or 0 where there is none
     */
    Measured row(Span span, long probe, int cpu) {
        int place = probe == 0 ? PROBES : (int) (probe >>> 4 ^ probe >>> 8) & (PROBES - 1);
        int at = (cpu * SPANS + span.row()) * PLACES + place;
        Measured row = rows[at];
        if (row == null || probes[at] != probe) {
            row = table.of(SpanKey.of(span, groups.of(probe == 0 ? "" : guest.probeName(probe), cpu)));
            rows[at] = row;
            probes[at] = probe;
        }
        return row;
    }
}
