package trapline.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * Makes streams that go through a few bodies of code again and again, with noise, and now and then something that is
 * none: another value, other steps, an event more or less, a switch to another CPU.
 */
public final class Loops {

    private static final int BODIES = 3;

    private final SplittableRandom random;
    private final int cpus;
    private final int oddness;
    private final StreamState state;
    private final List<Event> stream = new ArrayList<>();
    private final List<List<Event>> bodies = new ArrayList<>();
    private long step;
    private long frame;

    /**
     * Prepares.
     *
     * @param oddness one of so many events is odd
     */
    private Loops(long seed, int cpus, int oddness) {
        this.random = new SplittableRandom(seed);
        this.cpus = cpus;
        this.oddness = oddness;
        this.state = new StreamState(cpus, Streams.OBSERVED);
        for (int i = 0; i < BODIES; i++) {
            bodies.add(body());
        }
    }

    public static List<Event> make(long seed, int events, int cpus, int oddness) {
        Loops loops = new Loops(seed, cpus, oddness);
        while (loops.stream.size() < events) {
            loops.run();
        }
        return loops.stream;
    }

    /** Some code: its step field is how many steps an event comes behind the one before, ordinal how many writes. */
    private List<Event> body() {
        List<Event> body = new ArrayList<>();
        int depth = 0;
        int[] changes = new int[Streams.OBSERVED.size()];
        int length = 4 + random.nextInt(40);
        for (int i = 0; i < length || depth > 0; i++) {
            int what = i < length ? random.nextInt(7) : 1;
            Event event = new Event();
            switch (what) {
                case 0 -> {
                    depth++;
                    at(event, EventKind.TRAP_ENTRY).set(TrapEntry.VECTOR, 1 + 2 * random.nextInt(2));
                }
                case 1 -> {
                    if (depth == 0) {
                        continue;
                    }
                    depth--;
                    at(event, EventKind.TRAP_EXIT).set(TrapExit.IP, random.nextInt(100));
                }
                case 2 -> at(event, EventKind.CALL_ENTRY).set(CallEntry.ARG0, random.nextInt(9));
                case 3 -> at(event, EventKind.CALL_EXIT);
                case 4 ->
                    at(event, EventKind.EFLAGS_WRITE)
                            .set(EflagsWrite.NEW, Eflags.FIXED | Eflags.IF | (random.nextInt(4) << 8 & 0x100))
                            .set(
                                    EflagsWrite.CAUSE,
                                    depth > 0 && random.nextBoolean() ? FlagCause.FRAME.code() : FlagCause.POPF.code());
                default -> {
                    int row = random.nextInt(changes.length);
                    changes[row]++;
                    variable(at(event, kind(row)), row, 1);
                }
            }
            body.add(event);
        }
        for (int row = 0; row < changes.length; row++) {
            if (changes[row] != 0) {
                body.add(variable(at(new Event(), kind(row)), row, -changes[row]));
            }
        }
        body.add(at(new Event(), EventKind.EFLAGS_WRITE)
                .set(EflagsWrite.NEW, Eflags.FIXED | Eflags.IF)
                .set(EflagsWrite.CAUSE, FlagCause.POPF.code()));
        return body;
    }

    private Event at(Event event, EventKind kind) {
        event.begin(
                        kind,
                        random.nextInt(12) == 0 ? 60 + random.nextInt(300) : random.nextInt(9),
                        0,
                        0x100 + random.nextInt(4000))
                .setAll(new long[EventKind.FIELDS_MAX])
                .ordinal(random.nextInt(5));
        return event;
    }

    private static EventKind kind(int row) {
        return switch (row) {
            case 0 -> EventKind.KPROBE_STATUS;
            case 1 -> EventKind.CURRENT_KPROBE;
            default -> EventKind.WATCH;
        };
    }

    private static Event variable(Event event, int row, long change) {
        return event.set(Variable.VARIABLE, row).set(Variable.ELEMENT, 0).set(Variable.NEW, change);
    }

    private void run() {
        List<Event> body = bodies.get(random.nextInt(4) == 0 ? random.nextInt(BODIES) : 0);
        int times = 1 + random.nextInt(12);
        for (int i = 0; i < times; i++) {
            body.forEach(this::one);
        }
        if (random.nextInt(oddness) < 20 && cpus > 1) {
            Event event = new Event().begin(EventKind.SWITCH, ++step, state.runningCpu(), 0);
            add(event.setAll(new long[EventKind.FIELDS_MAX]).set(Switch.TO, random.nextInt(cpus)));
        }
    }

    private void one(Event item) {
        boolean odd = random.nextInt(oddness) == 0;
        int what = odd ? random.nextInt(5) : -1;
        long runs = item.ordinal() + (what == 0 ? 1 : 0);
        for (long i = 0; i < runs; i++) {
            arithmetic(item.ip() + i);
        }
        step += item.step() + (what == 1 ? 1 : 0);
        if (what == 2) {
            return;
        }
        int cpu = what == 3 ? random.nextInt(cpus) : state.runningCpu();
        Event event = item.copy();
        event.again(step, cpu, item.ip(), 0);
        follow(event);
        if (what == 4) {
            event.set(random.nextInt(event.kind().fieldCount()), random.nextInt(6));
        }
        add(event);
        if (random.nextInt(oddness) == 0) {
            add(event.copy());
        }
    }

    private void arithmetic(long eip) {
        step++;
        int cpu = state.runningCpu();
        long old = state.eflags(cpu) & 0xffffffffL;
        long status = random.nextInt(3) == 0 ? random.nextInt() & Eflags.STATUS : old & Eflags.STATUS;
        add(new Event()
                .begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .set(EflagsWrite.OLD, old)
                .set(EflagsWrite.NEW, (old & ~Eflags.STATUS) | status)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0));
    }

    /** Lets an event follow from the state, and gives it its noise. */
    private void follow(Event event) {
        int cpu = event.cpu();
        long eflags = state.eflags(cpu) & 0xffffffffL;
        int depth = state.frameDepth(cpu);
        long innermost = depth == 0 ? 0 : state.frameId(cpu, depth - 1);
        switch (event.kind()) {
            case TRAP_ENTRY ->
                event.set(TrapEntry.FRAME, ++frame)
                        .set(TrapEntry.EFLAGS, eflags)
                        .set(TrapEntry.IP, event.ip() + 1);
            case TRAP_EXIT -> event.set(TrapExit.FRAME, innermost).set(TrapExit.EFLAGS, eflags);
            case CALL_ENTRY ->
                event.set(CallEntry.ARG1, random.nextInt(3) == 0 ? random.nextInt() & 0xffffffffL : 0)
                        .set(CallEntry.ARG2, random.nextInt(2) == 0 ? random.nextInt() & 0xffffffffL : 0);
            case EFLAGS_WRITE -> {
                boolean ofFrame = event.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code() && depth > 0;
                long old = ofFrame ? state.frameEflags(cpu, depth - 1) & 0xffffffffL : eflags;
                long noise = random.nextInt(3) == 0 ? random.nextInt() & Eflags.STATUS : 0;
                event.set(EflagsWrite.OLD, old)
                        .set(EflagsWrite.NEW, event.value(EflagsWrite.NEW) | noise)
                        .set(EflagsWrite.FRAME, ofFrame ? innermost : 0);
            }
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> {
                long old = state.variable(event.intValue(Variable.VARIABLE), event.intValue(Variable.ELEMENT));
                event.set(Variable.OLD, old).set(Variable.NEW, old + event.value(Variable.NEW));
            }
            default -> {
                // Nothing of the others follows.
            }
        }
    }

    private void add(Event event) {
        stream.add(event.ordinal(stream.size()));
        state.apply(event);
    }
}
