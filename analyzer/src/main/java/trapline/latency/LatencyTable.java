package trapline.latency;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.replay.ReplayListener;
import trapline.text.EventTextTables;

/** The values of all spans of one or more runs, by row. */
public final class LatencyTable {

    private final Unit unit;
    private final Grouping grouping;
    private final List<UserSpan> userSpans;
    private final Map<SpanKey, Measured> rows = new LinkedHashMap<>();
    private boolean lossy;

    /**
     * An empty table.
     *
     * @param unit of the values of every run that is measured into it
     * @param grouping what rows are made for
     * @param userSpans spans beside the built-in ones
     */
    public LatencyTable(Unit unit, Grouping grouping, List<UserSpan> userSpans) {
        this.unit = unit;
        this.grouping = grouping;
        this.userSpans = List.copyOf(userSpans);
    }

    /** A table of the built-in spans, one row each, in retired instructions. */
    public LatencyTable() {
        this(Unit.INSTRUCTIONS, Grouping.NONE, List.of());
    }

    /** What the values count. */
    public Unit unit() {
        return unit;
    }

    /** Whether events of a run were missing, so that spans are. */
    public boolean lossy() {
        return lossy;
    }

    /**
     * Listeners that measure one run; what they measured is in this table when the run has ended.
     *
     * @param tables tables of the run
     * @param flow its handler flow
     * @param journal its name
     */
    public List<ReplayListener> listeners(EventTextTables tables, String flow, String journal) {
        Groups groups = new Groups(grouping, flow, journal);
        LatencyTable run = new LatencyTable(unit, grouping, userSpans);
        List<ReplayListener> listeners = new ArrayList<>();
        listeners.add(new Latencies(run, groups, this));
        listeners.add(new Periods(run, groups));
        for (UserSpan span : userSpans) {
            listeners.add(new UserSpans(run, groups, span, tables));
        }
        return listeners;
    }

    /** Takes over the values of other runs; the other table is not used any more. */
    void add(LatencyTable other) {
        lossy |= other.lossy;
        other.rows.forEach((key, measured) -> {
            Measured mine = rows.putIfAbsent(key, measured);
            if (mine != null) {
                mine.add(measured, 1);
            }
        });
    }

    /** Takes over the values of other parts of a run, which came so many times; the other table is not used any more. */
    void add(LatencyTable other, long times) {
        lossy |= other.lossy;
        other.rows.forEach((key, measured) -> of(key).add(measured, times));
    }

    Measured of(SpanKey key) {
        return rows.computeIfAbsent(key, k -> new Measured());
    }

    /** Events were lost: no open span can be told to end. */
    void lose() {
        lossy = true;
        rows.values().forEach(Measured::lose);
    }

    /** A run has ended. */
    void finish() {
        rows.values().forEach(Measured::finish);
    }

    /** The rows that have something, built-in spans in the order of {@link Span}, groups in that of their names. */
    public Map<SpanKey, Measured> rows() {
        List<String> order = new ArrayList<>();
        for (Span span : Span.values()) {
            order.add(span.label());
        }
        userSpans.forEach(span -> order.add(span.name()));
        List<SpanKey> keys = new ArrayList<>(rows.keySet());
        keys.sort(Comparator.comparingInt((SpanKey key) -> order.indexOf(key.span()))
                .thenComparing(
                        SpanKey::group, Comparator.comparingInt(String::length).thenComparing(s -> s)));
        Map<SpanKey, Measured> sorted = new LinkedHashMap<>();
        for (SpanKey key : keys) {
            Measured measured = of(key);
            if (!measured.isEmpty()) {
                sorted.put(key, measured);
            }
        }
        return sorted;
    }

    /**
     * Leaves only some spans.
     *
     * @param spans their names
     */
    public void keep(Set<String> spans) {
        rows.keySet().removeIf(key -> !spans.contains(key.span()));
    }

    /** Names of the spans that can be in here. */
    public List<String> spans() {
        List<String> names = new ArrayList<>();
        for (Span span : Span.values()) {
            names.add(span.label());
        }
        userSpans.forEach(span -> names.add(span.name()));
        return names;
    }

    /**
     * The group of a value.
     *
     * @param grouping what values are grouped by
     * @param flow of the run
     * @param journal name of the run
     */
    record Groups(Grouping grouping, String flow, String journal) {

        String of(String probe, int cpu) {
            return switch (grouping) {
                case NONE -> "";
                case PROBE -> probe;
                case CPU -> "cpu" + cpu;
                case FLOW -> flow;
                case JOURNAL -> journal;
            };
        }
    }
}
