package trapline.latency;

import java.util.List;
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
import trapline.replay.InParts;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/**
 * Measures traps, functions and probe hits of one run, in retired instructions of the CPU that the span ran on (its
 * icount, so that what another CPU does in between does not count).
 */
final class Latencies extends ReplayListener implements InParts {

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

    /** Open spans of a CPU that nest: the rows they count for, and when they began. */
    private static final class Stack {
        final @Nullable Measured[] rows = new Measured[StreamState.FRAMES_MAX];
        final long[] begins = new long[StreamState.FRAMES_MAX];
        int size;

        void push(@Nullable Measured row, long begin) {
            if (size < rows.length) {
                rows[size] = row;
                begins[size++] = begin;
                if (row != null) {
                    row.begin();
                }
            }
        }

        /** Cuts off what lies above a level. */
        void interruptAbove(int level) {
            while (size > Math.max(0, level)) {
                Measured row = rows[--size];
                if (row != null) {
                    row.interrupt();
                }
            }
        }

        void end(long now) {
            Measured row = rows[--size];
            if (row != null) {
                row.end(now - begins[size]);
            }
        }
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CALL_EXIT);
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
                ofTraps.interruptAbove(cpu.depth() - 1);
                ofTraps.push(rows(state).row(Span.ofTrap(e.intValue(TrapEntry.VECTOR)), 0, e.cpu()), cpu.icount());
            }
            case TRAP_EXIT -> {
                Frame frame = cpu.closed();
                if (frame != null && frame.id() == e.value(TrapExit.FRAME) && ofTraps.size > cpu.depth()) {
                    ofTraps.interruptAbove(cpu.depth() + 1);
                    ofTraps.end(cpu.icount());
                }
                ofCalls.interruptAbove(cpu.calls());
            }
            case CALL_ENTRY -> {
                ofCalls.interruptAbove(cpu.calls() - 1);
                ofCalls.push(callRow(e, state), cpu.icount());
            }
            case CALL_EXIT -> callExit(cpu, ofCalls);
            default -> {
                // No other kind was asked for.
            }
        }
    }

    private static void callExit(CpuState cpu, Stack ofCalls) {
        ofCalls.interruptAbove(cpu.calls() + 1);
        if (cpu.returned() && ofCalls.size > cpu.calls()) {
            ofCalls.end(cpu.icount());
        }
    }

    private @Nullable Measured callRow(Event e, ReplayState state) {
        long row = e.value(CallEntry.FUNCTION);
        Span span = Span.of(state.guest().role(row));
        return span == null ? null : rows(state).row(span, state.guest().probeOfRow(row), e.cpu());
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
        table.finish();
        all.add(table);
    }

    @Override
    public @Nullable Object memory() {
        int open = 0;
        for (int cpu = 0; cpu < traps.length; cpu++) {
            open += traps[cpu].size + calls[cpu].size;
        }
        return open == 0 ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {}

    @Override
    public boolean certain() {
        return true;
    }

    /** All listeners of a run measure into one table, so this one adds for all of them. */
    @Override
    public void add(ReplayListener other) {
        table.add(((Latencies) other).table);
    }
}
