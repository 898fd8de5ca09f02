package trapline.latency;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.latency.LatencyTable.Groups;
import trapline.replay.CpuState;
import trapline.replay.ReplayState;

/** Measures how long a CPU stays in a state: IF clear, TF set, a probe current. */
final class Periods extends Meter {

    private static final Span[] STATES = {Span.IF_CLEAR, Span.TF_SET, Span.CURRENT_SET};

    private final LatencyTable table;
    private final Groups groups;

    /** For each CPU which of the states it is in, one bit for each. */
    private int[] within = {};

    private long[][] since = {};
    private @Nullable Measured[][] open = {};
    private @Nullable RowCache rows;

    Periods(LatencyTable table, Groups groups) {
        this.table = table;
        this.groups = groups;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.EFLAGS_WRITE, EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (since.length == 0) {
            within = new int[state.cpus()];
            since = new long[state.cpus()][STATES.length];
            open = new Measured[state.cpus()][STATES.length];
        }
        if (e.kind() == EventKind.CURRENT_KPROBE) {
            for (int cpu = 0; cpu < state.cpus(); cpu++) {
                look(state.cpu(cpu), state);
            }
        } else {
            look(state.cpu(e.cpu()), state);
        }
    }

    private void look(CpuState cpu, ReplayState state) {
        int eflags = cpu.eflags();
        int now = ((eflags & Eflags.IF) == 0 ? 1 : 0)
                | ((eflags & Eflags.TF) != 0 ? 2 : 0)
                | (cpu.current() != 0 ? 4 : 0);
        int changed = now ^ within[cpu.number()];
        within[cpu.number()] = now;
        for (int which = 0; changed >>> which != 0; which++) {
            if ((changed >>> which & 1) != 0) {
                change(cpu, which, (now >>> which & 1) != 0, state);
            }
        }
    }

    private void change(CpuState cpu, int which, boolean begins, ReplayState state) {
        if (begins) {
            Span span = STATES[which];
            Measured row = row(span, span == Span.CURRENT_SET ? cpu.current() : 0, cpu.number(), state);
            row.begin();
            open[cpu.number()][which] = row;
            since[cpu.number()][which] = cpu.icount();
            return;
        }
        Measured row = open[cpu.number()][which];
        if (row != null) {
            row.end(cpu.icount() - since[cpu.number()][which]);
        }
    }

    private Measured row(Span span, long probe, int cpu, ReplayState state) {
        RowCache made = rows;
        if (made == null) {
            made = new RowCache(table, groups, state.guest());
            rows = made;
        }
        return made.row(span, probe, cpu);
    }

    @Override
    public void lost(Event e, ReplayState state) {
        Arrays.fill(within, 0);
    }

    @Override
    boolean isOpen() {
        return Arrays.stream(within).anyMatch(states -> states != 0);
    }
}
