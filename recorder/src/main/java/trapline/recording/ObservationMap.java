package trapline.recording;

import java.util.ArrayList;
import java.util.List;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.machine.tape.Observation;

/**
 * Between a guest's observation table, which knows kprobes, and the machine's, which knows variables, functions and text.
 * Rows that only name an object have no counterpart in the machine.
 */
final class ObservationMap {

    /** The instruction slots of kprobes: what runs there is told. */
    private static final String SLOTS = "insn_slots";

    private final int[] rows;
    private final EventKind[] variableKinds;
    private final HitRole[] hitRoles;
    private final Observation observation;

    ObservationMap(List<Observed> observed) {
        List<Observation.Entry> entries = new ArrayList<>();
        rows = new int[observed.size()];
        variableKinds = new EventKind[observed.size()];
        HitRole[] roles = HitRole.of(observed);
        hitRoles = new HitRole[observed.size()];
        for (int row = 0; row < observed.size(); row++) {
            Observed object = observed.get(row);
            Observation.Kind kind = switch (object.kind()) {
                case STATUS, CURRENT, WATCH -> Observation.Kind.VARIABLE;
                case FUNCTION -> Observation.Kind.FUNCTION;
                case TEXT -> object.name().equals(SLOTS) ? Observation.Kind.SLOTS : Observation.Kind.TEXT;
                case PROBE -> null;
            };
            if (kind != null) {
                int entry = entries.size();
                rows[entry] = row;
                hitRoles[entry] = roles[row];
                variableKinds[entry] = variableKind(object);
                entries.add(new Observation.Entry(
                        kind,
                        (int) object.address(),
                        kind == Observation.Kind.FUNCTION ? imageArgument(object.name()) : object.size(),
                        object.stride(),
                        object.count(),
                        object.name()));
            }
        }
        observation = new Observation(entries);
    }

    /** Which argument of a function is the register image of the trap, by what the function is: 0 none, 1 or 2. */
    private static int imageArgument(String name) {
        int colon = name.indexOf(':');
        return switch (colon < 0 ? name : name.substring(0, colon)) {
            case "kprobe_handler", "post_kprobe_handler", "kprobe_fault_handler", "trampoline_handler" -> 1;
            case "pre_handler", "post_handler", "fault_handler", "break_handler", "return_handler", "entry_handler" ->
                2;
            default -> 0;
        };
    }

    private static EventKind variableKind(Observed object) {
        return switch (object.kind()) {
            case STATUS -> EventKind.KPROBE_STATUS;
            case CURRENT -> EventKind.CURRENT_KPROBE;
            default -> EventKind.WATCH;
        };
    }

    /** What the machine's entries mean to {@link HitWatch}. */
    HitRole[] hitRoles() {
        return hitRoles;
    }

    /** What the machine is to watch. */
    Observation observation() {
        return observation;
    }

    /** Row of the guest's table for an entry of the machine's. */
    int row(int entry) {
        return rows[entry];
    }

    /** Kind of event that a change of the variable makes. */
    EventKind variableKind(int entry) {
        return variableKinds[entry];
    }
}
