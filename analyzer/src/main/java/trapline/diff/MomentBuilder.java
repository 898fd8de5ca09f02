package trapline.diff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Inject;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.events.TrapVector;

/**
 * Turns the events of a run into moments. What a handler does between a trap and its return counts by its outcome: the
 * variables that differ at the return. So two flows that do the same in another order are equal.
 */
final class MomentBuilder implements EventConsumer {

    /** How the moment begins at which events are lost. */
    static final String LOST = "events lost: ";

    /** A trap that has not returned. */
    private static final class Open {

        private final long frame;
        private final long ordinal;
        private final long[] before;

        Open(long frame, long ordinal, long[] before) {
            this.frame = frame;
            this.ordinal = ordinal;
            this.before = before;
        }
    }

    private final Names names;
    private final Meanings meanings;
    private final Set<EventKind> ignored;
    private final StreamState state;
    private final List<Variable> compared = new ArrayList<>();
    private final List<Moments> moments = new ArrayList<>();
    private final List<Deque<Open>> open = new ArrayList<>();

    /** A variable whose value at a return is part of what happened. */
    private record Variable(int row, Observed observed) {}

    MomentBuilder(int cpus, Names names, Meanings meanings, Set<EventKind> ignored) {
        this.names = names;
        this.meanings = meanings;
        this.ignored = ignored;
        this.state = new StreamState(cpus, names.observed());
        for (int i = 0; i < cpus; i++) {
            moments.add(new Moments());
            open.add(new ArrayDeque<>());
        }
        for (int row = 0; row < names.observed().size(); row++) {
            Observed observed = names.observed().get(row);
            if (isOutcome(observed)) {
                compared.add(new Variable(row, observed));
            }
        }
    }

    /**
     * What the kernel's other code can see. Saved flags and the slot for the previous probe are the handler's own
     * bookkeeping: they explain, but do not count.
     */
    private boolean isOutcome(Observed row) {
        return switch (row.kind()) {
            case STATUS -> !ignored.contains(EventKind.KPROBE_STATUS);
            case CURRENT -> !ignored.contains(EventKind.CURRENT_KPROBE);
            case WATCH ->
                !ignored.contains(EventKind.WATCH)
                        && !row.name().startsWith("kprobe_")
                        && !row.name().startsWith("prev_kprobe.");
            default -> false;
        };
    }

    List<Moments> moments() {
        return moments;
    }

    @Override
    public void accept(Event event) {
        if (!state.hasCpu(event.cpu())) {
            return;
        }
        switch (event.kind()) {
            case TRAP_ENTRY -> enter(event);
            case TRAP_EXIT -> leave(event);
            case CALL_ENTRY, CALL_EXIT -> call(event);
            case TEXT_WRITE -> {
                if (event.value(TextWrite.OLD) != event.value(TextWrite.NEW)) {
                    one(
                            event,
                            "text " + names.place(event.value(TextWrite.ADDRESS)) + " := "
                                    + Long.toHexString(event.value(TextWrite.NEW)));
                }
            }
            case MARK, WARN, BUG, DIE -> one(event, event.kind().label() + " \"" + event.text() + '"');
            case HALT -> one(event, "end: " + label(event, Halt.REASON) + ", code " + event.value(Halt.CODE));
            case INJECT -> one(event, "injected " + label(event, Inject.WHAT));
            case LOST -> one(event, LOST + event.text());
            default -> {
                // Counts by its outcome at the return.
            }
        }
        state.apply(event);
    }

    private static String label(Event event, int field) {
        return event.kind().fields().get(field).labelOf(event.value(field));
    }

    private void one(Event event, String text) {
        Open around = open.get(event.cpu()).peek();
        add(event, around == null ? event.ordinal() : around.ordinal, text);
    }

    private void add(Event event, long trapOrdinal, String text) {
        if (!ignored.contains(event.kind())) {
            moments.get(event.cpu()).add(meanings.number(text), trapOrdinal, event.ordinal());
        }
    }

    private void enter(Event event) {
        String error = event.value(TrapEntry.ERROR) < 0 ? "" : " error " + event.value(TrapEntry.ERROR);
        one(
                event,
                TrapVector.name(event.intValue(TrapEntry.VECTOR)) + error + " at "
                        + names.place(event.value(TrapEntry.IP)) + ", " + Names.control(event.value(TrapEntry.EFLAGS)));
        open.get(event.cpu()).push(new Open(event.value(TrapEntry.FRAME), event.ordinal(), values(event.cpu())));
    }

    private void leave(Event event) {
        Open closed = close(event.cpu(), event.value(TrapExit.FRAME));
        StringBuilder text = new StringBuilder("return to ")
                .append(names.place(event.value(TrapExit.IP)))
                .append(", ")
                .append(Names.control(event.value(TrapExit.EFLAGS)));
        if (closed != null) {
            describeChanges(event.cpu(), closed.before, text);
        }
        add(event, closed == null ? event.ordinal() : closed.ordinal, text.toString());
    }

    private @Nullable Open close(int cpu, long frame) {
        Deque<Open> stack = open.get(cpu);
        if (stack.stream().noneMatch(o -> o.frame == frame)) {
            return null;
        }
        Open closed = stack.pop();
        while (closed.frame != frame) {
            closed = stack.pop();
        }
        return closed;
    }

    private void describeChanges(int cpu, long[] before, StringBuilder text) {
        long[] now = values(cpu);
        boolean running = now.length == 0 || currentProbe(cpu) != 0;
        for (int i = 0; i < now.length; i++) {
            Observed row = compared.get(i).observed();
            // Without a current probe the status is a leftover that nobody reads.
            boolean meaningless = row.kind() == ObservedKind.STATUS && !running;
            if (now[i] != before[i] && !meaningless) {
                text.append(", ").append(row.name()).append(' ');
                text.append(value(row, before[i])).append("->").append(value(row, now[i]));
            }
        }
    }

    private long currentProbe(int cpu) {
        for (Variable variable : compared) {
            if (variable.observed().kind() == ObservedKind.CURRENT) {
                return read(variable, cpu);
            }
        }
        return 1;
    }

    private String value(Observed row, long value) {
        return switch (row.kind()) {
            case STATUS -> KprobeStatus.name(value);
            case CURRENT -> names.probe(value);
            default -> Long.toHexString(value);
        };
    }

    private long[] values(int cpu) {
        long[] values = new long[compared.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(compared.get(i), cpu);
        }
        return values;
    }

    private long read(Variable variable, int cpu) {
        return state.variable(variable.row(), variable.observed().count() > 1 ? cpu : 0);
    }

    /** User handlers count; the kernel's own functions are how a flow does it. */
    private void call(Event event) {
        boolean entry = event.kind() == EventKind.CALL_ENTRY;
        Observed row = names.row(event.value(entry ? CallEntry.FUNCTION : CallExit.FUNCTION));
        if (row != null && row.name().indexOf(':') > 0) {
            one(event, entry ? row.name() : row.name() + " done");
        }
    }
}
