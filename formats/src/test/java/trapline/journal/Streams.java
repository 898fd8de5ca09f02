package trapline.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import trapline.block.JournalHeader;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;

/** Streams of events for tests: seeded, legal, and with every kind in them. */
public final class Streams {

    public static final List<Observed> OBSERVED = List.of(
            new Observed(ObservedKind.STATUS, "kprobe_status", 0x1000, 4, 64, 2),
            new Observed(ObservedKind.CURRENT, "current_kprobe", 0x1004, 4, 64, 2),
            new Observed(ObservedKind.WATCH, "nmissed:p1", 0x2000, 4, 0, 1));

    private Streams() {}

    public static JournalHeader header(int cpus) {
        return header("test", cpus);
    }

    public static JournalHeader header(String name, int cpus) {
        return new JournalHeader(
                "trapline test",
                1,
                "machine",
                "retired instructions",
                cpus,
                true,
                List.of(EventKind.values()),
                OBSERVED,
                List.of(),
                Map.of(),
                name,
                "",
                "",
                "",
                "");
    }

    /** A legal stream: steps never fall, CPUs exist, the running CPU is the one of the last switch. */
    static List<Event> random(long seed, int events, int cpus) {
        SplittableRandom random = new SplittableRandom(seed);
        StreamState state = new StreamState(cpus, OBSERVED);
        List<Event> stream = new ArrayList<>();
        long step = 0;
        for (int i = 0; i < events; i++) {
            step += random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(3);
            Event event = random.nextInt(10) < 8 ? flags(random, state, step) : any(random, step, cpus);
            stream.add(event.ordinal(i).copy());
            state.apply(event);
        }
        return stream;
    }

    /** A legal stream as programs make it: a loop whose events come again, some of them otherwise than the time before. */
    static List<Event> loop(long seed, int events, int cpus) {
        return loop(seed, events, cpus, 300);
    }

    static List<Event> loop(long seed, int events, int cpus, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Event> body = random(seed, length, cpus);
        StreamState state = new StreamState(cpus, OBSERVED);
        List<Event> stream = new ArrayList<>();
        long step = 0;
        long frames = 0;
        for (int i = 0; i < events; i++) {
            step += random.nextInt(20) == 0 ? random.nextInt(200) : 1;
            Event event = body.get(i % body.size()).copy();
            event.again(step, event.cpu(), event.ip(), i);
            frames += event.kind() == EventKind.TRAP_ENTRY ? 1 : 0;
            follow(state, event, frames);
            if (random.nextInt(50) == 0 && event.kind().fieldCount() > 0) {
                event.set(random.nextInt(event.kind().fieldCount()), random.nextInt(5));
            }
            if (event.kind().hasText() && random.nextInt(10) == 0) {
                event.text("note " + random.nextInt(3));
            }
            if (event.kind() == EventKind.SWITCH) {
                event.set(Switch.TO, random.nextInt(cpus));
            }
            stream.add(event);
            state.apply(event);
        }
        return stream;
    }

    /** Lets an event go on from the state, as those of a machine do. */
    private static void follow(StreamState state, Event event, long frames) {
        int cpu = event.cpu();
        long eflags = state.eflags(cpu) & 0xffffffffL;
        int depth = state.frameDepth(cpu);
        long innermost = depth == 0 ? 0 : state.frameId(cpu, depth - 1);
        switch (event.kind()) {
            case EFLAGS_WRITE -> {
                boolean alu = event.value(EflagsWrite.CAUSE) == FlagCause.ALU.code();
                long written = event.value(EflagsWrite.NEW);
                event.set(EflagsWrite.OLD, eflags)
                        .set(EflagsWrite.NEW, alu ? (eflags & ~Eflags.STATUS) | (written & Eflags.STATUS) : written)
                        .set(EflagsWrite.FRAME, event.value(EflagsWrite.FRAME) == 0 ? 0 : innermost);
            }
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> {
                long old = state.variable(event.intValue(Variable.VARIABLE), event.intValue(Variable.ELEMENT));
                event.set(Variable.OLD, old).set(Variable.NEW, old + (event.value(Variable.NEW) & 1));
            }
            case TRAP_ENTRY ->
                event.set(TrapEntry.IP, event.ip() + 1)
                        .set(TrapEntry.EFLAGS, eflags)
                        .set(TrapEntry.FRAME, frames);
            case TRAP_EXIT -> event.set(TrapExit.EFLAGS, eflags).set(TrapExit.FRAME, innermost);
            default -> {
                // The other kinds do not depend on the state.
            }
        }
    }

    /** Writes a stream in blocks of about so many events, which takes far fewer events than full blocks would. */
    static void writeInBlocks(JournalWriter writer, List<Event> events, int cpus, int eventsPerBlock) {
        StreamState state = new StreamState(cpus, OBSERVED);
        for (Event event : events) {
            if (event.ordinal() % eventsPerBlock == eventsPerBlock - 1) {
                writer.resume(state); // with the state that it has: this only ends the block
            }
            writer.accept(event);
            state.apply(event);
        }
    }

    private static Event flags(SplittableRandom random, StreamState state, long step) {
        int cpu = state.runningCpu();
        int old = state.eflags(cpu);
        int now = (old & ~Eflags.STATUS) | (random.nextInt() & Eflags.STATUS);
        return new Event()
                .begin(EventKind.EFLAGS_WRITE, step, cpu, 0x100000 + random.nextInt(64) * 3)
                .set(EflagsWrite.OLD, old)
                .set(EflagsWrite.NEW, now)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0);
    }

    private static Event any(SplittableRandom random, long step, int cpus) {
        EventKind[] kinds = EventKind.values();
        EventKind kind = kinds[random.nextInt(kinds.length)];
        Event event = new Event().begin(kind, step, random.nextInt(cpus), random.nextLong() >>> random.nextInt(64));
        for (int field = 0; field < kind.fields().size(); field++) {
            event.set(field, random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(4));
        }
        if (kind == EventKind.SWITCH) {
            event.set(Switch.TO, random.nextInt(cpus));
        }
        return kind.hasText() ? event.text("note " + random.nextInt(5) + " \u00e9") : event;
    }
}
