package trapline.latency;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/**
 * Histograms of all spans of one or more streams, in retired instructions of the CPU that the span ran on (its icount,
 * so that what another CPU does in between does not count).
 */
public final class Latencies implements ReplayListener {

    private static final int DIGITS = 3;

    private final Map<Span, Histogram> histograms = new EnumMap<>(Span.class);
    private long[][] callIcounts = {};

    /** Empty histograms. */
    public Latencies() {}

    /** The histograms of the spans that occurred, in the order of {@link Span}. */
    public Map<Span, Histogram> histograms() {
        return histograms;
    }

    /**
     * Adds the values of others to these.
     *
     * @param others of another stream
     */
    public void add(Latencies others) {
        others.histograms.forEach((span, histogram) -> of(span).add(histogram));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CALL_EXIT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = state.cpu(e.cpu());
        switch (e.kind()) {
            case TRAP_EXIT -> {
                Frame frame = cpu.closed();
                if (frame != null && frame.id() == e.value(TrapExit.FRAME)) {
                    record(trapSpan(frame.vector()), cpu.icount() - frame.entryIcount());
                }
            }
            case CALL_ENTRY -> {
                if (Span.of(state.guest().role(e.value(CallEntry.FUNCTION))) != null) {
                    callIcounts(state)[e.cpu()][cpu.calls() - 1] = cpu.icount();
                }
            }
            case CALL_EXIT -> {
                Span span = Span.of(state.guest().role(e.value(CallExit.FUNCTION)));
                if (span != null && cpu.returned()) {
                    record(span, cpu.icount() - callIcounts(state)[e.cpu()][cpu.calls()]);
                }
            }
            default -> {
                // No other kind was asked for.
            }
        }
    }

    private long[][] callIcounts(ReplayState state) {
        if (callIcounts.length < state.cpus()) {
            callIcounts = new long[state.cpus()][StreamState.FRAMES_MAX];
        }
        return callIcounts;
    }

    private static Span trapSpan(int vector) {
        return switch (vector) {
            case TrapVector.BP -> Span.TRAP_BP;
            case TrapVector.DB -> Span.TRAP_DB;
            case TrapVector.NMI -> Span.TRAP_NMI;
            case TrapVector.PF -> Span.TRAP_PF;
            default -> Span.TRAP_OTHER;
        };
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.STEPPED && life.trapOrdinal() >= 0) {
            record(Span.STEP, life.trapIcount() - life.leftIcount());
        }
        Span span = hitSpan(life);
        if (span != null) {
            record(span, life.endIcount() - life.hitIcount());
        }
    }

    private static @Nullable Span hitSpan(Life life) {
        if (life.isReentry() && life.claimed() && life.outcome() != Outcome.ABANDONED) {
            return Span.HIT_REENTERED;
        }
        return switch (life.outcome()) {
            case STEPPED -> Span.HIT_STEPPED;
            case DIRECT -> Span.HIT_DIRECT;
            case CANCELLED -> Span.HIT_CANCELLED;
            default -> null;
        };
    }

    private void record(Span span, long instructions) {
        if (instructions >= 0) {
            of(span).recordValue(instructions);
        }
    }

    private Histogram of(Span span) {
        Histogram histogram = histograms.get(span);
        if (histogram == null) {
            histogram = new Histogram(DIGITS);
            histograms.put(span, histogram);
        }
        return histogram;
    }
}
