package trapline.checks.kprobes;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** KRETPROBE-CURRENT (V29): a trampoline disturbs no probe. */
final class KretprobeCurrent extends RepeatableCheck {

    KretprobeCurrent() {
        super(CheckInfo.of("KRETPROBE-CURRENT", "V29", "trampoline_handler() leaves current_kprobe as it found it.")
                .cites("trampoline_handler()")
                .needs(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except("inside of it, while it calls a handler, the return probe is current"));
    }

    private long[] atEntry = {};
    private long[] entryOrdinals = {};

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.CALL_EXIT);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.TRAMPOLINE_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        boolean entry = e.kind() == EventKind.CALL_ENTRY;
        if (atEntry.length == 0) {
            atEntry = new long[state.cpus()];
            entryOrdinals = new long[state.cpus()];
            Arrays.fill(entryOrdinals, -1);
        }
        long current = cpu(e, state).current();
        if (entry) {
            atEntry[e.cpu()] = current;
            entryOrdinals[e.cpu()] = e.ordinal();
        } else if (entryOrdinals[e.cpu()] >= 0) {
            exercised();
            if (current != atEntry[e.cpu()]) {
                violated(
                        e,
                        state,
                        state.guest().probeName(atEntry[e.cpu()]),
                        String.format(
                                "trampoline_handler() was entered with %s current and leaves %s current",
                                state.guest().probeName(atEntry[e.cpu()]),
                                state.guest().probeName(current)),
                        cause(entryOrdinals[e.cpu()], "trampoline_handler() is entered"));
            }
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        Arrays.fill(entryOrdinals, -1);
    }

    @Override
    public Object memory() {
        return List.of(); // nobody is in trampoline_handler() at a point of rest
    }

    @Override
    public void recall(Object memory) {}
}
