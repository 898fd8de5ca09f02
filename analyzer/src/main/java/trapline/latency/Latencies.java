package trapline.latency;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.latency.LatencyTable.Groups;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/**
 * Measures traps, functions and probe hits of one run, in retired instructions of the CPU that the span ran on (its
 * icount, so that what another CPU does in between does not count).
 */
final class Latencies extends Meter {

    private final LatencyTable table;
    private final Groups groups;
    private final LatencyTable all;
    private @Nullable RowCache rows;
    private Stack[] traps = {};
    private Stack[] calls = {};

    /**
     * Prepares a run.
     *
     * @param table takes the values of this run alone
     * @param all takes them when it has ended
     */
    Latencies(LatencyTable table, Groups groups, LatencyTable all) {
        this.table = table;
        this.groups = groups;
        this.all = all;
    }

    /** Open spans of a CPU that nest: the rows they count for, when they began, and at which level. */
    private static final class Stack {
        final Measured[] rows = new Measured[StreamState.FRAMES_MAX];
        final long[] begins = new long[StreamState.FRAMES_MAX];
        final int[] levels = new int[StreamState.FRAMES_MAX];
        int size;

        /** Begins a span; whatever is still open from its level on was cut off. */
        void begin(int level, Measured row, long now) {
            interruptFrom(level);
            if (size < rows.length) {
                rows[size] = row;
                begins[size] = now;
                levels[size++] = level;
                row.begin();
            }
        }

        void interruptFrom(int level) {
            while (size > 0 && levels[size - 1] >= level) {
                rows[--size].interrupt();
            }
        }

        /** Ends the span of a level; whatever is still open above it was cut off. */
        void end(int level, long now) {
            interruptFrom(level + 1);
            if (size > 0 && levels[size - 1] == level) {
                size--;
                rows[size].end(now - begins[size]);
            }
        }
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CALL_EXIT);
    }

    /** Not every declared function is a span. */
    @Override
    public boolean wants(EventKind kind, Role role) {
        return Span.of(role) != null;
    }

    private RowCache rows(ReplayState state) {
        RowCache made = rows;
        if (made == null) {
            made = new RowCache(table, groups, state.guest());
            rows = made;
        }
        return made;
    }

    private void start(ReplayState state) {
        traps = new Stack[state.cpus()];
        calls = new Stack[state.cpus()];
        for (int i = 0; i < traps.length; i++) {
            traps[i] = new Stack();
            calls[i] = new Stack();
        }
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (traps.length == 0) {
            start(state);
        }
        CpuState cpu = state.cpu(e.cpu());
        Stack ofTraps = traps[e.cpu()];
        Stack ofCalls = calls[e.cpu()];
        switch (e.kind()) {
            case TRAP_ENTRY -> {
                Measured row = rows(state).row(Span.ofTrap(e.intValue(TrapEntry.VECTOR)), 0, e.cpu());
                ofTraps.begin(cpu.depth() - 1, row, cpu.icount());
            }
            case TRAP_EXIT -> {
                Frame frame = cpu.closed();
                if (frame != null && frame.id() == e.value(TrapExit.FRAME)) {
                    ofTraps.end(cpu.depth(), cpu.icount());
                }
                ofCalls.interruptFrom(cpu.calls());
            }
            case CALL_ENTRY -> callEntry(e, cpu, ofCalls, state);
            case CALL_EXIT -> {
                if (cpu.returned()) {
                    ofCalls.end(cpu.calls(), cpu.icount());
                }
            }
            default -> {
                // No other kind was asked for.
            }
        }
    }

    private void callEntry(Event e, CpuState cpu, Stack ofCalls, ReplayState state) {
        long function = e.value(CallEntry.FUNCTION);
        Span span = Span.of(state.guest().role(function));
        if (span != null) {
            Measured row = rows(state).row(span, state.guest().probeOfRow(function), e.cpu());
            ofCalls.begin(cpu.calls() - 1, row, cpu.icount());
        }
    }

    private Measured hitRow(Span span, Life life, Event e, ReplayState state) {
        return rows(state).row(span, life.probe(), e.cpu());
    }

    /** Open hits are counted without their probe, which is not known before the lookup. */
    private Measured openHits(Event e, ReplayState state) {
        return rows(state).row(Span.HIT, 0, e.cpu());
    }

    @Override
    public void hit(Life life, Event e, ReplayState state) {
        openHits(e, state).begin();
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.STEPPED && life.trapOrdinal() >= 0) {
            hitRow(Span.STEP, life, e, state).record(life.trapIcount() - life.leftIcount());
        }
        Span span = Span.ofHit(life);
        if (span == null) {
            if (life.outcome() == Outcome.ABANDONED) {
                openHits(e, state).interrupt();
            } else {
                openHits(e, state).drop();
            }
            return;
        }
        openHits(e, state).drop();
        long instructions = life.endIcount() - life.hitIcount();
        hitRow(span, life, e, state).record(instructions);
        if (span != Span.NOT_OURS) {
            hitRow(Span.HIT, life, e, state).record(instructions);
        }
    }

    @Override
    public void lost(Event e, ReplayState state) {
        table.lose();
        for (int i = 0; i < traps.length; i++) {
            traps[i].size = 0;
            calls[i].size = 0;
        }
    }

    @Override
    public void end(ReplayState state) {
        for (int i = 0; i < calls.length; i++) {
            calls[i].interruptFrom(state.cpu(i).calls());
        }
        table.finish();
        all.add(table);
    }

    @Override
    boolean isOpen() {
        int open = 0;
        for (int cpu = 0; cpu < traps.length; cpu++) {
            open += traps[cpu].size + calls[cpu].size;
        }
        return open > 0;
    }

    /** All listeners of a run measure into one table, so this one adds for all of them. */
    @Override
    public void add(ReplayListener other, long times) {
        table.add(((Latencies) other).table, times);
    }
}
