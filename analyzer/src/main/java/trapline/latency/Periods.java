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
    private @Nullable Measured[][] rows = {};

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
            rows = new Measured[state.cpus()][STATES.length];
            for (long[] ofCpu : since) {
                Arrays.fill(ofCpu, NOT);
            }
        }
        boolean ofAny = e.kind() == EventKind.CURRENT_KPROBE;
        for (int cpu = ofAny ? 0 : e.cpu(); cpu <= (ofAny ? state.cpus() - 1 : e.cpu()); cpu++) {
            look(state.cpu(cpu), state);
        }
    }

    private void look(CpuState cpu, ReplayState state) {
        put(cpu, 0, (cpu.eflags() & Eflags.IF) == 0, "");
        put(cpu, 1, (cpu.eflags() & Eflags.TF) != 0, "");
        boolean set = cpu.current() != 0;
        put(cpu, 2, set, set ? state.guest().probeName(cpu.current()) : "");
    }

    private void put(CpuState cpu, int which, boolean now, String probe) {
        long[] ofCpu = since[cpu.number()];
        if (now == (ofCpu[which] != NOT)) {
            return;
        }
        if (now) {
            Measured row = table.of(SpanKey.of(STATES[which], groups.of(probe, cpu.number())));
            row.begin();
            rows[cpu.number()][which] = row;
            ofCpu[which] = cpu.icount();
            return;
        }
        Measured row = rows[cpu.number()][which];
        if (row != null) {
            row.end(cpu.icount() - ofCpu[which]);
        }
        ofCpu[which] = NOT;
    }

    @Override
    public void lost(Event e, ReplayState state) {
        for (long[] ofCpu : since) {
            Arrays.fill(ofCpu, NOT);
        }
    }
}
