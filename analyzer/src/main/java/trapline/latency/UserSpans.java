package trapline.latency;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.latency.LatencyTable.Groups;
import trapline.replay.ReplayState;
import trapline.text.EventTextTables;

/** Measures a user's span. */
final class UserSpans extends Meter {

    private static final long NOT = -1;

    private final UserSpan span;
    private final EventPattern.Compiled from;
    private final EventPattern.Compiled to;
    private final LatencyTable table;
    private final Groups groups;
    private long[] since = {};

    UserSpans(LatencyTable table, Groups groups, UserSpan span, EventTextTables tables) {
        this.table = table;
        this.groups = groups;
        this.span = span;
        this.from = span.from().in(tables);
        this.to = span.to().in(tables);
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.of(from.kind(), to.kind());
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (since.length == 0) {
            since = new long[state.cpus()];
            Arrays.fill(since, NOT);
        }
        int cpu = e.cpu();
        if (since[cpu] != NOT && to.matches(e)) {
            row(cpu).end(state.cpu(cpu).icount() - since[cpu]);
            since[cpu] = NOT;
        }
        if (from.matches(e)) {
            if (since[cpu] != NOT) {
                row(cpu).interrupt();
            }
            row(cpu).begin();
            since[cpu] = state.cpu(cpu).icount();
        }
    }

    private Measured row(int cpu) {
        return table.of(new SpanKey(span.name(), span.description(), groups.of("", cpu)));
    }

    @Override
    public void lost(Event e, ReplayState state) {
        Arrays.fill(since, NOT);
    }

    @Override
    boolean isOpen() {
        return Arrays.stream(since).anyMatch(begin -> begin != NOT);
    }

    /** A pattern can ask for any field of an event. */
    @Override
    public boolean ignoresNoise() {
        return false;
    }
}
