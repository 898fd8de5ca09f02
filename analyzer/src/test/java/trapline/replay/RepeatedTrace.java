package trapline.replay;

import java.util.ArrayList;
import java.util.List;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/**
 * A trace again and again, as one long stream in blocks of so many events each. The IRETs of traces that were written by
 * hand write no EFLAGS; here they do.
 */
public final class RepeatedTrace implements PartSource {

    private final String name;
    private final EventTextTables tables;
    private final List<Event> events = new ArrayList<>();
    private final List<StreamState> states = new ArrayList<>();
    private final int rounds;
    private int blockEvents;

    public RepeatedTrace(String name, EventTextFile trace, int rounds) {
        this.name = name;
        this.tables = trace.tables();
        this.rounds = rounds;
        long steps = trace.events().stream().mapToLong(Event::step).max().orElse(0) + 10;
        long frames =
                trace.events().stream().mapToLong(RepeatedTrace::frame).max().orElse(0);
        StreamState state = new StreamState(Math.max(1, tables.cpus()), tables.observed());
        for (int cpu = 0; cpu < state.cpus(); cpu++) {
            flags(new Event().begin(EventKind.MARK, 0, cpu, 0), Eflags.FIXED | Eflags.IF, FlagCause.STI_CLI, state);
        }
        for (int round = 0; round < rounds; round++) {
            for (Event event : trace.events()) {
                if (event.kind() != EventKind.HALT || round == rounds - 1) {
                    if (event.kind() == EventKind.TRAP_EXIT) {
                        flags(moved(event, round * steps, 0), event.value(TrapExit.EFLAGS), FlagCause.IRET, state);
                    }
                    add(moved(event, round * steps, round * frames), state);
                }
            }
        }
    }

    /**
     * Events as they are.
     *
     * @param events their ordinals count from 0
     */
    RepeatedTrace(String name, EventTextTables tables, List<Event> events, int rounds) {
        this.name = name;
        this.tables = tables;
        this.rounds = rounds;
        this.events.addAll(events);
    }

    /** How many events a round has, more or less. */
    int roundEvents() {
        return events.size() / rounds;
    }

    RepeatedTrace inBlocksOf(int count) {
        blockEvents = count;
        states.clear();
        StreamState state = new StreamState(Math.max(1, tables.cpus()), tables.observed());
        for (Event event : events) {
            if (event.ordinal() % count == 0) {
                states.add(state.copy());
            }
            state.apply(event);
        }
        return this;
    }

    private void flags(Event at, long now, FlagCause cause, StreamState state) {
        long old = state.eflags(at.cpu()) & 0xffffffffL;
        if (old != now) {
            Event write = new Event().begin(EventKind.EFLAGS_WRITE, at.step(), at.cpu(), at.ip());
            write.set(EflagsWrite.OLD, old).set(EflagsWrite.NEW, now).set(EflagsWrite.CAUSE, cause.code());
            add(write.set(EflagsWrite.FRAME, 0), state);
        }
    }

    private void add(Event event, StreamState state) {
        events.add(event.ordinal(events.size()));
        state.apply(event);
    }

    private static Event moved(Event event, long steps, long frames) {
        Event moved = event.copy();
        moved.again(event.step() + steps, event.cpu(), event.ip(), 0);
        int field = frameField(event.kind());
        if (field >= 0 && event.value(field) != 0) {
            moved.set(field, event.value(field) + frames);
        }
        return moved;
    }

    private static int frameField(EventKind kind) {
        return switch (kind) {
            case TRAP_ENTRY -> TrapEntry.FRAME;
            case TRAP_EXIT -> TrapExit.FRAME;
            case EFLAGS_WRITE -> EflagsWrite.FRAME;
            default -> -1;
        };
    }

    private static long frame(Event event) {
        int field = frameField(event.kind());
        return field < 0 ? 0 : event.value(field);
    }

    public String name() {
        return name;
    }

    public EventTextTables tables() {
        return tables;
    }

    public List<Event> all() {
        return events;
    }

    /**
     * The events before which the stream rests, each between two instructions, with IF set and no frame, step or current
     * probe on any CPU.
     *
     * @param max of them, more or less, where there are many
     */
    public List<Integer> rests(int max) {
        Guest guest = new Guest(tables);
        StreamState state = new StreamState(Math.max(1, tables.cpus()), tables.observed());
        List<Integer> rests = new ArrayList<>();
        for (Event event : events) {
            if (event.step() > state.step() && rests(state, guest)) {
                rests.add((int) event.ordinal());
            }
            state.apply(event);
        }
        int every = 1 + rests.size() / max;
        return rests.stream().filter(at -> rests.indexOf(at) % every == 0).toList();
    }

    private static boolean rests(StreamState state, Guest guest) {
        for (int cpu = 0; cpu < state.cpus(); cpu++) {
            if (state.frameDepth(cpu) > 0
                    || (state.eflags(cpu) & (Eflags.IF | Eflags.TF)) != Eflags.IF
                    || guest.value(state, Role.CURRENT, cpu) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int blocks() {
        return states.size();
    }

    @Override
    public long firstOrdinal(int block) {
        return (long) block * blockEvents;
    }

    @Override
    public void read(int first, int end, StreamConsumer consumer) {
        if (first > 0) {
            consumer.resume(states.get(first));
        }
        int to = Math.min(events.size(), end * blockEvents);
        events.subList(first * blockEvents, to).stream()
                .filter(event -> !isArithmetic(event))
                .forEach(consumer::accept);
    }

    private static boolean isArithmetic(Event event) {
        return event.kind() == EventKind.EFLAGS_WRITE
                && event.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()
                && ((event.value(EflagsWrite.OLD) ^ event.value(EflagsWrite.NEW)) & ~Eflags.STATUS) == 0;
    }
}
