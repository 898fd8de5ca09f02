package trapline.latency;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.TrapOrigin;
import trapline.events.TrapVector;
import trapline.text.EventTextTables;

/**
 * The lengths of probe hits by their kinds, read off the events in the plainest way: the whole run of a CPU becomes a
 * tree of traps, and of each #BP the tree is asked what happened in it and which traps come behind it.
 */
final class HitOracle {
    private static final int SLOT_BYTES = 16;

    private final EventTextTables tables;
    private final Map<String, List<Long>> lengths = new HashMap<>();
    private final Set<Trap> continuations = new HashSet<>();

    private HitOracle(EventTextTables tables) {
        this.tables = tables;
    }

    /** A trap, with its own events and the traps that came while it was handled. */
    private static final class Trap {
        final Event entry;
        final long entryTime;
        final long currentBefore;
        final long statusBefore;
        final List<Event> own = new ArrayList<>();
        final List<Trap> inner = new ArrayList<>();

        @Nullable Event exit;

        long exitTime;
        long statusAfter;

        Trap(Event entry, long entryTime, long currentBefore, long statusBefore) {
            this.entry = entry;
            this.entryTime = entryTime;
            this.currentBefore = currentBefore;
            this.statusBefore = statusBefore;
        }

        boolean is(int vector) {
            return entry.value(TrapEntry.VECTOR) == vector;
        }

        boolean isExternal() {
            return entry.value(TrapEntry.ORIGIN) != TrapOrigin.INSTRUCTION.code();
        }

        boolean isFromUser() {
            return (entry.value(TrapEntry.CS) & 3) != 0;
        }
    }

    /** Where a hit ended, and how. */
    private record End(Span span, Trap trap) {}

    /**
     * Measures.
     *
     * @param events none of them lost
     * @return lengths in instructions of the CPU by the label of {@link Span}
     */
    static Map<String, List<Long>> lengths(EventTextTables tables, List<Event> events) {
        HitOracle oracle = new HitOracle(tables);
        for (int cpu = 0; cpu < tables.cpus(); cpu++) {
            oracle.level(oracle.tree(cpu, events).inner);
        }
        return oracle.lengths;
    }

    /** All traps of a CPU, under one that stands for the time outside of traps. */
    private Trap tree(int cpu, List<Event> events) {
        List<Trap> open = new ArrayList<>(List.of(new Trap(new Event(), 0, 0, 0)));
        long current = 0;
        long status = 0;
        int running = 0;
        long before = 0;
        long time = 0;
        for (Event event : events) {
            time += running == cpu ? event.step() - before : 0;
            before = event.step();
            running = event.kind() == EventKind.SWITCH ? event.intValue(Switch.TO) : running;
            if (cpu(event) != cpu) {
                continue;
            }
            Trap top = open.get(open.size() - 1);
            top.own.add(event);
            switch (event.kind()) {
                case TRAP_ENTRY -> {
                    Trap trap = new Trap(event, time, current, status);
                    top.inner.add(trap);
                    open.add(trap);
                }
                case TRAP_EXIT -> exit(open, event, time, status);
                case CURRENT_KPROBE -> current = event.value(Variable.NEW);
                case KPROBE_STATUS -> status = event.value(Variable.NEW);
                default -> {}
            }
        }
        return open.get(0);
    }

    /** The CPU that an event is about: a variable may be another CPU's. */
    private int cpu(Event event) {
        boolean variable = event.kind() == EventKind.CURRENT_KPROBE || event.kind() == EventKind.KPROBE_STATUS;
        boolean perCpu = variable
                && tables.observed().get(event.intValue(Variable.VARIABLE)).count() > 1;
        return perCpu ? event.intValue(Variable.ELEMENT) : event.cpu();
    }

    /** Closes the frame of an IRET, and those above it, which were left in another way. */
    private static void exit(List<Trap> open, Event event, long time, long status) {
        for (int i = open.size() - 1; i > 0; i--) {
            Trap trap = open.get(i);
            if (trap.entry.value(TrapEntry.FRAME) == event.value(TrapExit.FRAME)) {
                trap.exit = event;
                trap.exitTime = time;
                trap.statusAfter = status;
                open.subList(i, open.size()).clear();
                return;
            }
        }
    }

    private void level(List<Trap> traps) {
        for (int i = 0; i < traps.size(); i++) {
            Trap hit = traps.get(i);
            level(hit.inner);
            if (hit.is(TrapVector.BP) && !hit.isFromUser() && hit.exit != null) {
                End end = claim(hit) >= 0 ? end(hit, traps.subList(i + 1, traps.size())) : unclaimed(hit);
                if (end != null && end.trap.exit != null) {
                    add(hit, end.span, end.trap.exitTime - hit.entryTime);
                }
            }
        }
    }

    private void add(Trap hit, Span kind, long length) {
        boolean nested = hit.currentBefore != 0 && claim(hit) >= 0;
        Span span = nested ? Span.HIT_REENTERED : kind;
        lengths.computeIfAbsent(span.label(), s -> new ArrayList<>()).add(length);
        if (span != Span.NOT_OURS) {
            lengths.computeIfAbsent(Span.HIT.label(), s -> new ArrayList<>()).add(length);
        }
    }

    /** Nobody made a probe current: where did it go on? */
    private @Nullable End unclaimed(Trap hit) {
        long int3 = hit.entry.value(TrapEntry.IP) - 1;
        long to = exit(hit).value(TrapExit.IP);
        if (continuations.contains(hit) || to == int3) {
            return null;
        }
        return new End(to == int3 + 1 ? Span.NOT_OURS : Span.HIT_DIRECT, hit);
    }

    /** The end of a hit whose probe was made current, in it or in the traps that follow on the same level. */
    private @Nullable End end(Trap hit, List<Trap> following) {
        if (writesCurrent(hit, claim(hit) + 1)) {
            return new End(Span.HIT_DIRECT, hit);
        }
        Event left = exit(hit);
        long slot = left.value(TrapExit.IP);
        boolean stepping = steps(hit);
        for (Trap next : following) {
            if (next.isExternal()) {
                continue;
            }
            boolean ended = claim(next) < 0 && (writesCurrent(next, 0) || postHandlerTookIt(next));
            if (stepping) {
                boolean inSlot = isIn(slot, next.entry.ip());
                if (!next.is(TrapVector.DB) && !inSlot) {
                    return null;
                }
                continuations.add(next);
                if (ended) {
                    boolean stepped = next.is(TrapVector.DB) || next.is(TrapVector.BP); // an int3 behind it steps too
                    return new End(stepped ? Span.HIT_STEPPED : Span.HIT_CANCELLED, next);
                }
                if (next.is(TrapVector.BP) || next.exit == null || !goesOn(slot, next.exit)) {
                    return null;
                }
            } else if (next.is(TrapVector.BP) && claim(next) < 0 && next.exit != null) {
                if (ended) {
                    continuations.add(next);
                    return new End(Span.HIT_DIRECT, next);
                }
                if (next.statusBefore != next.statusAfter && next.statusAfter == KprobeStatus.KPROBE_HIT_SS) {
                    continuations.add(next);
                    slot = exit(next).value(TrapExit.IP);
                    stepping = true;
                }
            }
        }
        return null;
    }

    private static boolean steps(Trap hit) {
        return (exit(hit).value(TrapExit.EFLAGS) & Eflags.TF) != 0
                || hit.statusAfter == KprobeStatus.KPROBE_HIT_SS
                || hit.statusAfter == KprobeStatus.KPROBE_REENTER;
    }

    private static boolean goesOn(long slot, Event exit) {
        return isIn(slot, exit.value(TrapExit.IP)) && (exit.value(TrapExit.EFLAGS) & Eflags.TF) != 0;
    }

    private static boolean isIn(long slot, long eip) {
        return eip >= slot && eip < slot + SLOT_BYTES;
    }

    /** Where among a trap's own events a probe is made current, or re-enters itself; -1 if nowhere. */
    private int claim(Trap trap) {
        boolean found = false;
        for (int i = 0; trap.is(TrapVector.BP) && i < trap.own.size(); i++) {
            Event event = trap.own.get(i);
            found |= returned(event, "get_kprobe");
            boolean reenters =
                    event.kind() == EventKind.KPROBE_STATUS && event.value(Variable.NEW) == KprobeStatus.KPROBE_REENTER;
            boolean made = event.kind() == EventKind.CURRENT_KPROBE && event.value(Variable.NEW) != 0;
            if (made || (found && reenters)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean writesCurrent(Trap trap, int from) {
        return trap.own.stream().skip(from).anyMatch(e -> e.kind() == EventKind.CURRENT_KPROBE);
    }

    private boolean postHandlerTookIt(Trap trap) {
        return trap.own.stream().anyMatch(e -> returned(e, "post_kprobe_handler"));
    }

    /** Whether an event is the return of a function with another result than 0. */
    private boolean returned(Event event, String function) {
        return event.kind() == EventKind.CALL_EXIT
                && event.value(CallExit.RESULT) != 0
                && tables.observed()
                        .get(event.intValue(CallExit.FUNCTION))
                        .name()
                        .equals(function);
    }

    private static Event exit(Trap trap) {
        if (trap.exit == null) {
            throw new IllegalStateException("a trap that does not return");
        }
        return trap.exit;
    }
}
