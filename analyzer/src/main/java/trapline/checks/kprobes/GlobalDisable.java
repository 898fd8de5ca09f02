package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventKind;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** GLOBAL-DISABLE (V37): off means off. */
final class GlobalDisable extends RepeatableCheck {

    GlobalDisable() {
        super(CheckInfo.of(
                        "GLOBAL-DISABLE",
                        "V37",
                        "From the return of disable_all_kprobes() to enable_all_kprobes() no pre_handler starts on any"
                                + " CPU.")
                .cites("disable_all_kprobes(), synchronize_sched()")
                .needs(EventKind.CALL_ENTRY, EventKind.CALL_EXIT)
                .declared()
                .except("while disable_all_kprobes() runs: traps that were already taken"));
    }

    private long disabledAt = -1;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.CALL_EXIT);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return switch (role) {
            case DISABLE_ALL_KPROBES, ENABLE_ALL_KPROBES, PRE_HANDLER -> true;
            default -> false;
        };
    }

    @Override
    public void accept(Event e, ReplayState state) {
        boolean entry = e.kind() == EventKind.CALL_ENTRY;
        long row = e.value(entry ? CallEntry.FUNCTION : CallExit.FUNCTION);
        Role role = state.guest().role(row);
        if (!entry && role == Role.DISABLE_ALL_KPROBES) {
            disabledAt = e.ordinal();
            exercised();
        } else if (entry && role == Role.ENABLE_ALL_KPROBES) {
            disabledAt = -1;
        } else if (entry
                && disabledAt >= 0
                && role == Role.PRE_HANDLER
                && state.guest().isUserHandler(row)) {
            violated(
                    e,
                    state,
                    state.guest().probeName(state.guest().probeOfRow(row)),
                    state.guest().rowName(row) + " starts although all probes are disabled",
                    cause(disabledAt, "disable_all_kprobes() returned"));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        disabledAt = -1;
    }

    @Override
    public Object memory() {
        return disabledAt;
    }

    @Override
    public void recall(Object memory) {
        disabledAt = (Long) memory;
    }
}
