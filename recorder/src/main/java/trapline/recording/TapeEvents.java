package trapline.recording;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.StreamState;
import trapline.machine.tape.Follower;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/**
 * Makes events of the rows of a tape. Which kind and which field a column goes to is found by name, once; how its int becomes
 * a value follows from the type of the field.
 */
final class TapeEvents implements MachineListener {

    /** Which writes of EFLAGS become events. */
    enum Writes {
        /** All, and somebody looks at each before the run goes on: a live check, a point, the disk. */
        ALL_AT_ONCE,
        /** All that are rows: the arithmetic ones are recorded in a way of their own. */
        ALL_LATER,
        /** Only those that change a flag other than the six of arithmetic. */
        CONTROL,
        /** All from a trap's entry to its exit, and elsewhere those that change such a flag. */
        TRAPS
    }

    /** By the guest's number of its note. */
    private static final EventKind[] NOTES = {
        EventKind.MARK, EventKind.MARK, EventKind.WARN, EventKind.BUG, EventKind.DIE
    };

    private static final EventKind[] VARIABLES = {EventKind.KPROBE_STATUS, EventKind.CURRENT_KPROBE, EventKind.WATCH};

    private static final int CONTROL_FLAGS = ~Eflags.STATUS;

    private static final int SIGNED = 0;
    private static final int UNSIGNED = 1;
    private static final int OBJECT = 2;
    private static final int WIDE = 3;

    /** From the columns of a row to the fields of a kind. */
    private static final class Fields {
        /** A view for each kind, so that an event stores no references. */
        final Event view;

        final int[] columns;
        final int[] conversions;

        Fields(TapeRow row, EventKind kind) {
            List<Field> fields = kind.fields();
            columns = fields.stream()
                    .mapToInt(field -> row.columns().indexOf(field.name()))
                    .toArray();
            if (Arrays.stream(columns).anyMatch(column -> column < 0)) {
                throw new IllegalStateException("a field of " + kind + " is not among the columns of " + row);
            }
            conversions = fields.stream()
                    .mapToInt(field -> row.columns().contains(field.name() + "High") ? WIDE : conversion(field))
                    .toArray();
            view = new Event().begin(kind, 0, 0, 0);
        }

        private static int conversion(Field field) {
            return switch (field.type()) {
                case OBSERVED -> OBJECT;
                case HEX, ADDRESS, EFLAGS -> UNSIGNED;
                case DECIMAL, VECTOR, LABEL -> SIGNED;
            };
        }
    }

    private final ObservationMap map;
    private final EventConsumer out;
    private final Writes writes;
    private final @Nullable Follower follower;
    private final Map<EventKind, Fields> byKind = new EnumMap<>(EventKind.class);
    private final @Nullable Fields[] byRow;

    /**
     * EFLAGS of each CPU by the events so far. That is what a journal's writer takes as the value before an arithmetic write;
     * it differs from the CPU's where RF went away, which is nobody's write.
     */
    private final int[] last;

    /** Traps of each CPU that have not returned. */
    private final int[] open;

    /**
     * Nothing told yet.
     *
     * @param cpus number of CPUs
     * @param map to the guest's observation table
     * @param writes which become events
     * @param follower is told at once what others may be told later
     * @param out gets the events
     */
    TapeEvents(int cpus, ObservationMap map, Writes writes, @Nullable Follower follower, EventConsumer out) {
        this.map = map;
        this.writes = writes;
        this.follower = follower;
        this.out = out;
        byRow = Arrays.stream(TapeRow.values()).map(TapeEvents::ofSameName).toArray(Fields[]::new);
        for (EventKind kind : VARIABLES) {
            byKind.put(kind, new Fields(TapeRow.VARIABLE, kind));
        }
        for (EventKind kind : NOTES) {
            byKind.put(kind, new Fields(TapeRow.NOTE, kind));
        }
        open = new int[cpus];
        StreamState start = new StreamState(cpus, List.of());
        last = IntStream.range(0, cpus).map(start::eflags).toArray();
    }

    private static @Nullable Fields ofSameName(TapeRow row) {
        return Arrays.stream(EventKind.values())
                .filter(kind -> kind.name().equals(row.name()))
                .findFirst()
                .map(kind -> new Fields(row, kind))
                .orElse(null);
    }

    /** What is kept from one event to the next, for {@link #restore}. */
    List<Integer> save() {
        return IntStream.concat(IntStream.of(last), IntStream.of(open)).boxed().toList();
    }

    /** Goes on from what was kept then. */
    void restore(List<Integer> saved) {
        for (int cpu = 0; cpu < last.length; cpu++) {
            last[cpu] = saved.get(cpu);
            open[cpu] = saved.get(last.length + cpu);
        }
    }

    @Override
    public @Nullable Follower follower() {
        return follower;
    }

    @Override
    public void happened(TapeReader row) {
        TapeRow what = row.row();
        Fields fields = byRow[what.code()];
        if (fields != null) {
            if (what == TapeRow.EFLAGS_WRITE) {
                eflagsWrite(row, fields);
            } else {
                out.accept(event(row, fields));
                count(what, row.cpu());
            }
        } else if (what == TapeRow.VARIABLE) {
            out.accept(event(row, fields(map.variableKind(row.value(0)))));
        } else if (what == TapeRow.NOTE) {
            out.accept(event(row, fields(NOTES[row.value(0)])).text((String) row.object()));
        } else if (what == TapeRow.OTHER) {
            out.accept((Event) row.object());
        }
    }

    private void count(TapeRow what, int cpu) {
        if (what == TapeRow.TRAP_ENTRY) {
            open[cpu]++;
        } else if (what == TapeRow.TRAP_EXIT) {
            open[cpu] = Math.max(0, open[cpu] - 1);
        }
    }

    private Fields fields(EventKind kind) {
        return Objects.requireNonNull(byKind.get(kind));
    }

    private Event event(TapeReader row, Fields fields) {
        Event event = fields.view;
        event.again(row.step(), row.cpu(), unsigned(row.eip()), 0);
        int[] columns = fields.columns;
        int[] conversions = fields.conversions;
        for (int i = 0; i < columns.length; i++) {
            event.set(i, value(row, columns[i], conversions[i]));
        }
        return event;
    }

    private long value(TapeReader row, int column, int conversion) {
        int value = row.value(column);
        return switch (conversion) {
            case SIGNED -> value;
            case OBJECT -> map.row(value);
            case WIDE -> unsigned(value) | unsigned(row.value(column + 1)) << 32;
            default -> unsigned(value);
        };
    }

    private static long unsigned(int value) {
        return value & 0xffff_ffffL;
    }

    private void eflagsWrite(TapeReader row, Fields fields) {
        int old = row.value(EflagsWrite.OLD);
        int now = row.value(EflagsWrite.NEW);
        int cause = row.value(EflagsWrite.CAUSE);
        boolean ofFrame = cause == CAUSE_FRAME;
        boolean some = writes == Writes.CONTROL || (writes == Writes.TRAPS && open[row.cpu()] == 0);
        if (some && !ofFrame && ((old ^ now) & CONTROL_FLAGS) == 0) {
            return;
        }
        Event event = event(row, fields);
        if (writes == Writes.ALL_AT_ONCE && !ofFrame) {
            if (cause == CAUSE_ALU) {
                event.set(EflagsWrite.OLD, unsigned(last[row.cpu()]));
            }
            last[row.cpu()] = now;
        }
        out.accept(event);
    }
}
