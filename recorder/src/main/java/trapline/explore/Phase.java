package trapline.explore;

import java.util.Arrays;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;

/**
 * How far each CPU has come in the life of a probe, told by what it has done and not by where its code lies: two builds of
 * one handler go through the same phases, whatever the compiler made of them.
 *
 * <pre>
 *   bits  0 to  7   kind of the last event that tells something
 *         8 to 23   which vector, function or variable it was about
 *        24 to 31   kprobe_status
 *        32         whether current_kprobe is set
 *        33 to 40   open traps
 * </pre>
 */
final class Phase {

    private static final int FIELD = 8;
    private static final int STATUS = 24;
    private static final int CURRENT = 32;
    private static final int DEPTH = 33;
    private static final int DEPTH_MAX = 255;

    private long[] cpus = new long[1];

    void accept(Event event) {
        switch (event.kind()) {
            case TRAP_ENTRY -> {
                last(event, event.value(TrapEntry.VECTOR));
                put(event.cpu(), DEPTH, 8, Math.min(DEPTH_MAX, depth(event.cpu()) + 1));
            }
            case TRAP_EXIT -> {
                last(event, 0);
                put(event.cpu(), DEPTH, 8, Math.max(0, depth(event.cpu()) - 1));
            }
            case KPROBE_STATUS -> {
                last(event, event.value(Variable.ELEMENT));
                put(event.cpu(), STATUS, 8, event.value(Variable.NEW));
            }
            case CURRENT_KPROBE -> {
                last(event, event.value(Variable.ELEMENT));
                put(event.cpu(), CURRENT, 1, event.value(Variable.NEW) == 0 ? 0 : 1);
            }
            case WATCH -> last(event, event.value(Variable.VARIABLE));
            case CALL_ENTRY -> last(event, event.value(CallEntry.FUNCTION));
            case CALL_EXIT -> last(event, event.value(CallExit.FUNCTION));
            case TEXT_READ, TEXT_WRITE -> last(event, 0);
            default -> {
                // Says nothing of a probe's life.
            }
        }
    }

    /** The phase of a CPU; equal numbers are equal phases, and nothing else can be told from them. */
    long of(int cpu) {
        return cpu < cpus.length ? cpus[cpu] : 0;
    }

    Phase copy() {
        Phase copy = new Phase();
        copy.become(this);
        return copy;
    }

    void become(Phase other) {
        cpus = other.cpus.clone();
    }

    private long depth(int cpu) {
        return (of(cpu) >>> DEPTH) & DEPTH_MAX;
    }

    private void last(Event event, long field) {
        EventKind kind = event.kind();
        put(event.cpu(), 0, FIELD, kind.code());
        put(event.cpu(), FIELD, STATUS - FIELD, field);
    }

    private void put(int cpu, int shift, int bits, long value) {
        if (cpu >= cpus.length) {
            cpus = Arrays.copyOf(cpus, cpu + 1);
        }
        long mask = (1L << bits) - 1;
        cpus[cpu] = (cpus[cpu] & ~(mask << shift)) | ((value & mask) << shift);
    }
}
