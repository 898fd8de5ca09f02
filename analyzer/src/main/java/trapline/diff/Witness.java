package trapline.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TextRead;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.KprobeStatus;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.StreamState;
import trapline.events.TrapVector;
import trapline.journal.Journal;
import trapline.journal.JournalCursor;

/** The events of one run in a stretch of ordinals: what a reader needs to see how two runs came to part. */
final class Witness {

    /** Events kept of a stretch at the most; a longer one is cut at its end. */
    private static final int EVENTS_MAX = 1 << 14;

    /** One event, what it means in both runs, and the flags write of an instruction before it. */
    record Seen(Event event, String meaning, @Nullable Event flagsBefore) {}

    private final Names names;
    private final Code code;
    private final int cpu;
    private final List<Seen> seen = new ArrayList<>();
    private final List<Integer> effects = new ArrayList<>();
    private @Nullable Event flags;
    private @Nullable StreamState end;

    Witness(Names names, Code code, int cpu) {
        this.names = names;
        this.code = code;
        this.cpu = cpu;
    }

    /** Reads the events from one ordinal to another, both included. */
    void read(Journal journal, long firstOrdinal, long lastOrdinal) throws IOException {
        JournalCursor cursor = journal.cursor();
        boolean there = cursor.seek(firstOrdinal);
        while (there && cursor.event().ordinal() <= lastOrdinal) {
            if (cursor.event().cpu() == cpu) {
                take(cursor.event());
            }
            there = cursor.next();
        }
        end = cursor.stateBefore();
    }

    private void take(Event event) {
        boolean instruction =
                event.kind() == EventKind.EFLAGS_WRITE && event.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code();
        if (instruction) {
            flags = event;
        } else if (seen.size() < EVENTS_MAX) {
            Event copy = event;
            if (isEffect(copy)) {
                effects.add(seen.size());
            }
            seen.add(new Seen(copy, meaning(copy), flags));
        }
    }

    List<Seen> seen() {
        return seen;
    }

    /**
     * Indices of the events that change what others see. Lookups, reads and the preempt count come in another order
     * in each flow without any consequence, so they are no place where two paths part.
     */
    List<Integer> effects() {
        return effects;
    }

    String effect(int number) {
        return seen.get(effects.get(number)).meaning();
    }

    /** Index of an effect; behind the last event where there is none of that number. */
    int indexOfEffect(int number) {
        return number < effects.size() ? effects.get(number) : seen.size();
    }

    private boolean isEffect(Event event) {
        return switch (event.kind()) {
            case TRAP_ENTRY, TRAP_EXIT, EFLAGS_WRITE, KPROBE_STATUS, CURRENT_KPROBE, WARN, BUG, DIE, HALT -> true;
            case WATCH -> {
                Observed row = names.row(event.value(Variable.VARIABLE));
                yield row != null && row.name().startsWith("nmissed:");
            }
            case CALL_ENTRY -> function(event.value(CallEntry.FUNCTION)).indexOf(':') > 0;
            default -> false;
        };
    }

    private String meaning(Event event) {
        return event.kind().label()
                + ' '
                + switch (event.kind()) {
                    case TRAP_ENTRY ->
                        TrapVector.name(event.intValue(TrapEntry.VECTOR)) + names.place(event.value(TrapEntry.IP));
                    case TRAP_EXIT ->
                        names.place(event.value(TrapExit.IP)) + Names.control(event.value(TrapExit.EFLAGS));
                    case EFLAGS_WRITE -> Names.control(event.value(EflagsWrite.NEW));
                    case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> variable(event);
                    case CALL_ENTRY -> function(event.value(CallEntry.FUNCTION));
                    case CALL_EXIT -> function(event.value(CallExit.FUNCTION)) + result(event);
                    case TEXT_READ ->
                        names.place(event.value(TextRead.ADDRESS))
                                + '='
                                + Long.toHexString(event.value(TextRead.VALUE));
                    default -> event.text();
                };
    }

    private String variable(Event event) {
        Observed row = names.row(event.value(Variable.VARIABLE));
        return row == null ? "?" : row.name() + " := " + value(row, event.value(Variable.NEW));
    }

    private String value(Observed row, long value) {
        return switch (row.kind()) {
            case STATUS -> KprobeStatus.name(value);
            case CURRENT -> names.probe(value);
            default -> row.name().equals("prev_kprobe.kp") ? names.probe(value) : Long.toHexString(value);
        };
    }

    private String function(long index) {
        Observed row = names.row(index);
        return row == null ? "?" : row.name();
    }

    private String result(Event event) {
        return isLookup(event) ? " = " + names.probe(event.value(CallExit.RESULT)) : "";
    }

    private boolean isLookup(Event event) {
        return event.kind() == EventKind.CALL_EXIT
                && function(event.value(CallExit.FUNCTION)).equals("get_kprobe");
    }

    /** The last lookup and the last read of probed text before an index, in words, nearest first. */
    String deciding(int index) {
        List<String> found = new ArrayList<>();
        boolean read = false;
        boolean lookup = false;
        for (int i = Math.min(index, seen.size()) - 1; i >= 0; i--) {
            Event event = seen.get(i).event();
            if (event.kind() == EventKind.TEXT_READ && !read) {
                read = true;
                found.add("the byte at " + names.exactPlace(event.value(TextRead.ADDRESS)) + ", read as "
                        + Long.toHexString(event.value(TextRead.VALUE)) + " at " + place(event.ip()));
            } else if (isLookup(event) && !lookup) {
                lookup = true;
                found.add("get_kprobe() = " + names.probe(event.value(CallExit.RESULT)));
            }
        }
        return found.isEmpty() ? "no read of probed text and no lookup" : String.join(", after ", found);
    }

    /** Where the flags for the last branch before an index were made, in words. */
    String branch(int index) {
        Event made = flagsMade(index);
        return made == null ? "no instruction" : "flags made at " + place(made.ip()) + " (step " + made.step() + ')';
    }

    /** The address of the instruction that made them; -1 if there is none. */
    long branchAddress(int index) {
        Event made = flagsMade(index);
        return made == null ? -1 : made.ip();
    }

    /**
     * The first flags made behind what decided: a branch on them follows. What comes later, in code that both paths
     * call, decides nothing any more.
     */
    private @Nullable Event flagsMade(int index) {
        int last = Math.min(index, seen.size() - 1);
        int decided = decided(index);
        for (int i = Math.max(0, decided); decided >= 0 && i <= last; i++) {
            Event made = seen.get(i).flagsBefore();
            if (made != null && made.step() >= seen.get(decided).event().step()) {
                return made;
            }
        }
        return last < 0 ? null : seen.get(last).flagsBefore();
    }

    /** Index of the last lookup or read of probed text before an index; -1 if there is none. */
    private int decided(int index) {
        for (int i = Math.min(index, seen.size()) - 1; i >= 0; i--) {
            Event event = seen.get(i).event();
            if (event.kind() == EventKind.TEXT_READ || isLookup(event)) {
                return i;
            }
        }
        return -1;
    }

    /** Step at which a run has read or looked up what decides; that of the effect where it did neither. */
    long decidedStep(int index) {
        int at = decided(index) >= 0 ? decided(index) : Math.min(index, seen.size() - 1);
        return at < 0 ? 0 : seen.get(at).event().step();
    }

    /** Symbol and offset, and the code there where it is known. */
    private String place(long address) {
        String text = code.at(address);
        return names.exactPlace(address) + (text.isEmpty() ? "" : ": " + text);
    }

    /** What the rest of the kernel sees at the end of the stretch. */
    List<String> outcome() {
        List<String> lines = new ArrayList<>();
        StreamState state = end;
        if (state == null) {
            return lines;
        }
        for (int i = seen.size() - 1; i >= 0; i--) {
            Event event = seen.get(i).event();
            if (event.kind() == EventKind.TRAP_EXIT) {
                lines.add("eip " + names.place(event.value(TrapExit.IP)));
                lines.add("EFLAGS " + Names.control(event.value(TrapExit.EFLAGS)));
                break;
            }
        }
        for (int row = 0; row < names.observed().size(); row++) {
            Observed observed = names.observed().get(row);
            boolean variable = observed.kind() == ObservedKind.STATUS
                    || observed.kind() == ObservedKind.CURRENT
                    || observed.kind() == ObservedKind.WATCH;
            if (variable) {
                long value = state.variable(row, observed.count() > 1 ? cpu : 0);
                lines.add(observed.name() + ' ' + value(observed, value));
            }
        }
        return lines;
    }
}
