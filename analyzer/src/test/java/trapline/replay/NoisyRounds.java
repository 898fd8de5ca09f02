package trapline.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.HitDifference;
import trapline.events.EventFields.HitEnd;
import trapline.events.EventFields.Shown;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.Observed;
import trapline.events.StreamState;
import trapline.text.EventTextTables;

/**
 * Makes a long stream of traces that were written by hand. Each round is a trace with noise: arithmetic writes between
 * its events, other status flags wherever EFLAGS are told, other second and third arguments. What it writes to variables
 * is undone behind it, so that the next round begins where it began. Some rounds can be odd: there something happens that
 * is no noise.
 */
final class NoisyRounds {

    private static final int STEPS = 4;
    private static final int PAUSE_STEPS = 40;
    private static final int ODDITIES = 9;

    private final EventTextTables tables;
    private final SplittableRandom odd;
    private final SplittableRandom noise;
    private boolean isIretNoisy;
    private final StreamState state;
    private final List<Event> stream = new ArrayList<>();
    private final Map<Long, Long> frames = new HashMap<>();
    private long begin;
    private long frame;

    /**
     * Prepares.
     *
     * @param odd decides what is odd in odd rounds
     * @param noise makes noise
     * @param isIretNoisy whether IRET loads other status flags than are in the frame
     * @param steps of the first event
     * @param frames as if so many traps had been
     */
    NoisyRounds(
            EventTextTables tables,
            SplittableRandom odd,
            SplittableRandom noise,
            boolean isIretNoisy,
            long steps,
            long frames) {
        this.tables = tables;
        this.odd = odd;
        this.noise = noise;
        this.isIretNoisy = isIretNoisy;
        state = new StreamState(Math.max(1, tables.cpus()), tables.observed());
        begin = steps;
        frame = frames;
        for (int cpu = 0; cpu < state.cpus(); cpu++) {
            flags(begin, cpu, 0, Eflags.FIXED | Eflags.IF, FlagCause.STI_CLI);
        }
    }

    /** From here on IRET loads other status flags than are in the frame, or the same again. */
    void noisyIret(boolean isNoisy) {
        isIretNoisy = isNoisy;
    }

    List<Event> events() {
        return stream;
    }

    /** The events of a trace from its first trap on, without the end of the run. */
    static List<Event> body(List<Event> trace) {
        int first = 0;
        while (first < trace.size() - 1 && trace.get(first).kind() != EventKind.TRAP_ENTRY) {
            first++;
        }
        int from = first < trace.size() - 1 ? first : 0;
        return trace.subList(from, trace.size()).stream()
                .filter(event -> event.kind() != EventKind.HALT)
                .toList();
    }

    void round(List<Event> events) {
        long[] before = new long[state.variables()];
        state.copyVariables(before);
        frames.clear();
        long last = begin;
        int number = 0;
        for (Event event : events) {
            long step = begin + Math.max(0, event.step() - events.get(0).step()) * STEPS;
            int run = step > last ? Math.floorMod(event.ip() + number++, STEPS) : 0;
            for (int i = run; i > 0; i--) {
                arithmetic(step - i, event.cpu(), event.ip() - 8 + i);
            }
            one(event, step);
            last = step;
        }
        undo(before, last + PAUSE_STEPS / 2);
        begin = last + PAUSE_STEPS;
    }

    /** A round in which something is odd; another trace has the same tables. */
    void oddRound(List<Event> events, List<Event> another) {
        List<Event> changed = new ArrayList<>();
        events.forEach(event -> changed.add(event.copy()));
        int at = odd.nextInt(changed.size());
        int what = odd.nextInt(ODDITIES);
        if (what == 0) {
            round(another);
            return;
        }
        Event event = changed.get(at);
        switch (what) {
            case 1 -> changed.remove(at);
            case 2 -> {
                for (Event later : changed.subList(at, changed.size())) {
                    later.again(later.step() + 1, later.cpu(), later.ip(), 0);
                }
            }
            case 3 -> toggle(of(changed, at, EventKind.TRAP_EXIT), TrapExit.EFLAGS, Eflags.TF);
            case 4 -> toggle(of(changed, at, EventKind.EFLAGS_WRITE), EflagsWrite.NEW, Eflags.IF);
            case 5 -> toggle(of(changed, at, EventKind.WATCH), Variable.NEW, 1);
            case 6 -> toggle(of(changed, at, EventKind.CURRENT_KPROBE), Variable.NEW, 0x100);
            case 7 -> changed.add(at, text(event));
            default -> toggle(of(changed, at, EventKind.CALL_ENTRY), CallEntry.ARG0, 0x30);
        }
        if (!changed.isEmpty()) {
            round(changed);
        }
    }

    private static Event of(List<Event> events, int from, EventKind kind) {
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get((from + i) % events.size());
            if (event.kind() == kind) {
                return event;
            }
        }
        return events.get(from);
    }

    private static void toggle(Event event, int field, long bits) {
        if (field < event.kind().fieldCount()) {
            event.set(field, event.value(field) ^ bits);
        }
    }

    private Event text(Event at) {
        boolean arms = odd.nextBoolean();
        return new Event()
                .begin(EventKind.TEXT_WRITE, at.step(), at.cpu(), 0x101890)
                .setAll(new long[EventKind.FIELDS_MAX])
                .set(TextWrite.ADDRESS, 0x104010)
                .set(TextWrite.SIZE, 1)
                .set(TextWrite.OLD, arms ? 0x55 : 0xcc)
                .set(TextWrite.NEW, arms ? 0xcc : 0x55);
    }

    private long status() {
        return noise.nextInt(2) == 0 ? noise.nextInt() & Eflags.STATUS : 0;
    }

    private void arithmetic(long step, int cpu, long eip) {
        long control = state.eflags(cpu) & ~Eflags.STATUS & 0xffffffffL;
        add(write(step, cpu, eip, control | status(), FlagCause.ALU));
    }

    private void flags(long step, int cpu, long eip, long now, FlagCause cause) {
        if ((state.eflags(cpu) & 0xffffffffL) != now) {
            add(write(step, cpu, eip, now, cause));
        }
    }

    private Event write(long step, int cpu, long eip, long now, FlagCause cause) {
        return new Event()
                .begin(EventKind.EFLAGS_WRITE, step, cpu, eip)
                .setAll(new long[EventKind.FIELDS_MAX])
                .set(EflagsWrite.OLD, state.eflags(cpu) & 0xffffffffL)
                .set(EflagsWrite.NEW, now)
                .set(EflagsWrite.CAUSE, cause.code());
    }

    private void one(Event item, long step) {
        int cpu = item.cpu();
        Event event = item.copy();
        event.again(step, cpu, item.ip(), 0);
        long status = state.eflags(cpu) & Eflags.STATUS;
        switch (event.kind()) {
            case TRAP_ENTRY -> {
                frames.put(event.value(TrapEntry.FRAME), ++frame);
                event.set(TrapEntry.FRAME, frame).set(TrapEntry.EFLAGS, control(event, TrapEntry.EFLAGS) | status);
            }
            case TRAP_EXIT -> {
                long id = frames.getOrDefault(event.value(TrapExit.FRAME), 0L);
                long now = control(event, TrapExit.EFLAGS) | (isIretNoisy ? status() : image(cpu, id) & Eflags.STATUS);
                flags(step, cpu, event.ip(), now, FlagCause.IRET);
                event.set(TrapExit.FRAME, id).set(TrapExit.EFLAGS, now);
            }
            case EFLAGS_WRITE -> {
                boolean ofFrame = event.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code();
                boolean ofGate = event.value(EflagsWrite.CAUSE) == FlagCause.GATE.code();
                long id = frames.getOrDefault(event.value(EflagsWrite.FRAME), 0L);
                long old = ofFrame ? image(cpu, id) : state.eflags(cpu) & 0xffffffffL;
                long after = ofFrame || ofGate ? old & Eflags.STATUS : status();
                event.set(EflagsWrite.FRAME, id)
                        .set(EflagsWrite.OLD, old)
                        .set(EflagsWrite.NEW, control(event, EflagsWrite.NEW) | after);
            }
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH ->
                event.set(
                        Variable.OLD,
                        state.variable(event.intValue(Variable.VARIABLE), event.intValue(Variable.ELEMENT)));
            case SHOWN -> {
                long id = frames.getOrDefault(event.value(Shown.FRAME), 0L);
                boolean live = id != 0 && state.frameLevel(cpu, id) >= 0;
                long flags = control(event, Shown.EFLAGS) | (image(cpu, id) & Eflags.STATUS);
                event.set(Shown.FRAME, id).set(Shown.EFLAGS, live ? flags : event.value(Shown.EFLAGS));
            }
            case STACK_WRITE -> renumber(event, StackWrite.FRAME);
            case HIT_END -> renumber(event, HitEnd.FRAME);
            case HIT_DIFFERENCE -> renumber(event, HitDifference.FRAME);
            case CALL_ENTRY ->
                event.set(CallEntry.ARG1, noise.nextInt() & 0xffffffffL)
                        .set(CallEntry.ARG2, noise.nextInt() & 0xffffffffL);
            default -> {
                // Nothing of the others is noise.
            }
        }
        add(event);
    }

    private void renumber(Event event, int field) {
        event.set(field, frames.getOrDefault(event.value(field), 0L));
    }

    private static long control(Event event, int field) {
        return event.value(field) & ~(long) Eflags.STATUS;
    }

    private long image(int cpu, long id) {
        int level = state.frameLevel(cpu, id);
        return level < 0 ? Eflags.FIXED : state.frameEflags(cpu, level) & 0xffffffffL;
    }

    private void undo(long[] before, long step) {
        int at = 0;
        for (int row = 0; row < tables.observed().size(); row++) {
            Observed observed = tables.observed().get(row);
            for (int element = 0; element < Math.max(1, observed.count()); element++) {
                long now = state.variable(row, element);
                if (now != before[at]) {
                    EventKind kind = switch (observed.kind()) {
                        case STATUS -> EventKind.KPROBE_STATUS;
                        case CURRENT -> EventKind.CURRENT_KPROBE;
                        default -> EventKind.WATCH;
                    };
                    add(new Event()
                            .begin(kind, step, state.runningCpu(), 0x100090)
                            .setAll(new long[EventKind.FIELDS_MAX])
                            .set(Variable.VARIABLE, row)
                            .set(Variable.ELEMENT, element)
                            .set(Variable.OLD, now)
                            .set(Variable.NEW, before[at]));
                }
                at++;
            }
        }
    }

    private void add(Event event) {
        stream.add(event.ordinal(stream.size()));
        state.apply(event);
    }
}
