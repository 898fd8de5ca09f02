package trapline.latency;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.latency.LatencyTable.Groups;
import trapline.replay.CpuState;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/** Measures how long a CPU stays in a state: IF clear, TF set, a probe current. */
final class Periods implements ReplayListener {

    private static final Span[] STATES = {Span.IF_CLEAR, Span.TF_SET, Span.CURRENT_SET};
    private static final long NOT = -1;

    private final LatencyTable table;
    private final Groups groups;
    private long[][] since = {};
    private @Nullable Measured[][] open = {};
    private @Nullable RowCache rows;

    Periods(LatencyTable table, Groups groups) {
        this.table = table;
        this.groups = groups;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.EFLAGS_WRITE, EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (since.length == 0) {
            since = new long[state.cpus()][STATES.length];
            open = new Measured[state.cpus()][STATES.length];
            for (long[] ofCpu : since) {
                Arrays.fill(ofCpu, NOT);
            }
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
        put(cpu, 0, (eflags & Eflags.IF) == 0, 0, state);
        put(cpu, 1, (eflags & Eflags.TF) != 0, 0, state);
        put(cpu, 2, cpu.current() != 0, cpu.current(), state);
    }

    private void put(CpuState cpu, int which, boolean now, long probe, ReplayState state) {
        long[] ofCpu = since[cpu.number()];
        if (now == (ofCpu[which] != NOT)) {
            return;
        }
        if (now) {
            Measured row = row(STATES[which], probe, cpu.number(), state);
            row.begin();
            open[cpu.number()][which] = row;
            ofCpu[which] = cpu.icount();
            return;
        }
        Measured row = open[cpu.number()][which];
        if (row != null) {
            row.end(cpu.icount() - ofCpu[which]);
        }
        ofCpu[which] = NOT;
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
        for (long[] ofCpu : since) {
            Arrays.fill(ofCpu, NOT);
        }
    }
}
