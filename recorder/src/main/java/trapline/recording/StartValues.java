package trapline.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.machine.Machine;

/** What observed variables hold at some moment, as changes from 0: for a recording that does not begin with the run. */
final class StartValues {
    private final Machine machine;
    private final int running;
    private final EventConsumer out;

    /**
     * Values of a machine.
     *
     * @param running the CPU that runs, whose page tables are good for all: variables are the kernel's
     */
    StartValues(Machine machine, int running, EventConsumer out) {
        this.machine = machine;
        this.running = running;
        this.out = out;
    }

    /** An event for each variable that is not 0. */
    void tell(List<Observed> observed) {
        for (int row = 0; row < observed.size(); row++) {
            Observed object = observed.get(row);
            EventKind kind = kind(object.kind());
            for (int element = 0; kind != null && element < object.count(); element++) {
                long value = value((int) object.address() + element * object.stride(), object.size());
                if (value != 0) {
                    out.accept(new Event()
                            .begin(
                                    kind,
                                    machine.step(),
                                    running,
                                    machine.cpu(running).eip() & 0xffff_ffffL)
                            .set(Variable.VARIABLE, row)
                            .set(Variable.ELEMENT, element)
                            .set(Variable.NEW, value));
                }
            }
        }
    }

    private static @Nullable EventKind kind(ObservedKind kind) {
        return switch (kind) {
            case STATUS -> EventKind.KPROBE_STATUS;
            case CURRENT -> EventKind.CURRENT_KPROBE;
            case WATCH -> EventKind.WATCH;
            case FUNCTION, TEXT, PROBE -> null;
        };
    }

    private long value(int address, int size) {
        try {
            long value = 0;
            byte[] bytes = machine.peek(running, address, Math.min(4, size));
            for (int i = bytes.length - 1; i >= 0; i--) {
                value = value << 8 | (bytes[i] & 0xff);
            }
            return value;
        } catch (IllegalArgumentException e) {
            return 0; // not mapped yet, so not set either
        }
    }
}
