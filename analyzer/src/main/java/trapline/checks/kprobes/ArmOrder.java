package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ProbeBooks;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.replay.TextState;

/** ARM-ORDER (V25): whoever sees a breakpoint finds its probe. */
final class ArmOrder extends RepeatableCheck {

    ArmOrder() {
        super(CheckInfo.of(
                        "ARM-ORDER",
                        "V25",
                        "While the int3 of a probe is in the text, the lookup of its address finds the probe: it is hashed"
                                + " before it is armed, and disarmed before it is unhashed.")
                .cites("register_kprobe(), register_aggr_kprobe(), unregister_kprobe()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE)
                .declared(Role.GET_KPROBE)
                .except(
                        "after disable_all_kprobes() probes stay registered without an int3",
                        "a probe that is armed or disarmed while the lookup goes on",
                        "an int3 that a debugger has written"));
    }

    private final Map<Long, Long> writeOrdinal = new HashMap<>();
    private long[] lookupOrdinal = {};

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.GET_KPROBE || (role == Role.HASH_DEL && kind == EventKind.CALL_ENTRY);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (lookupOrdinal.length == 0) {
            lookupOrdinal = new long[state.cpus()];
        }
        switch (e.kind()) {
            case TEXT_WRITE -> written(e, state);
            case CALL_ENTRY -> called(e, state);
            default -> {
                if (state.guest().role(e.value(CallExit.FUNCTION)) == Role.GET_KPROBE) {
                    lookedUp(e, state);
                }
            }
        }
    }

    /** An int3 that kprobes writes: is its probe hashed by then, or would a CPU that hits it look it up in vain? */
    private void written(Event e, ReplayState state) {
        long address = e.value(TextWrite.ADDRESS);
        for (long i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
            writeOrdinal.put(address + i, e.ordinal());
        }
        ProbeBooks books = state.books();
        boolean arms = e.value(TextWrite.NEW) == TextState.BREAKPOINT && books.ownsInt3(address);
        if (arms && hashIsSeen(state) && !state.guest().inSlots(address)) {
            exercised();
            if (!books.isHashedAt(address)) {
                violated(
                        e,
                        state,
                        "none",
                        "the int3 at " + state.guest().place(address)
                                + " is written before its probe is hashed: who hits it now finds no probe");
            }
        }
    }

    private void called(Event e, ReplayState state) {
        Role role = state.guest().role(e.value(CallEntry.FUNCTION));
        if (role == Role.GET_KPROBE) {
            lookupOrdinal[e.cpu()] = e.ordinal();
        } else if (role == Role.HASH_DEL && hashIsSeen(state)) {
            unhashed(e, state);
        }
    }

    private void unhashed(Event e, ReplayState state) {
        long probe = e.value(CallEntry.ARG0);
        long place = state.books().placeOf(probe);
        if (place == 0) {
            return;
        }
        exercised();
        if (state.books().ownsInt3(place) && !state.books().isHashedAt(place)) {
            violated(
                    e,
                    state,
                    state.guest().probeName(probe),
                    state.guest().probeName(probe) + " is unhashed while its int3 is still at "
                            + state.guest().place(place) + ": who hits it now finds no probe",
                    cause(writeOrdinal.getOrDefault(place, -1L), "the int3 is written into the text"));
        }
    }

    private static boolean hashIsSeen(ReplayState state) {
        return state.guest().declares(Role.HASH_ADD)
                && state.guest().declares(Role.REGISTER_KPROBE)
                && state.books().complete();
    }

    /** Whether the int3 at an address must lead to a probe: kprobes' own, or, where nobody shows who writes, any that did once. */
    static boolean isProbes(long address, ReplayState state) {
        boolean shown = state.guest().declares(Role.ARM_KPROBE) || state.guest().declares(Role.REGISTER_KPROBE);
        if (!state.text().armed(address) || state.guest().inSlots(address)) {
            return false;
        }
        if (shown && state.books().complete()) {
            return state.books().ownsInt3(address);
        }
        return state.text().wasProbed(address);
    }

    /** Judges a lookup during which the text stayed as it was: what it found may be of before a write, or of after it. */
    private void lookedUp(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        Life life = top == null ? null : top.hit();
        if (life == null || life.handlerCalls() > 0 || !isProbes(life.address(), state)) {
            return;
        }
        long written = writeOrdinal.getOrDefault(life.address(), -1L);
        if (written > lookupOrdinal[e.cpu()]) {
            return;
        }
        exercised();
        if (e.value(CallExit.RESULT) == 0 && !life.found()) {
            violated(
                    e,
                    state,
                    "none",
                    "the int3 at " + state.guest().place(life.address())
                            + " is in the text while get_kprobe() looks its address up, and no probe is found: it was"
                            + " armed before its probe was hashed, or its probe was unhashed before it was disarmed",
                    cause(written, "the int3 is written into the text"),
                    cause(life.hitOrdinal(), "the hit"));
        }
    }

    @Override
    public Object memory() {
        return List.of(); // whatever was written or looked up before a point of rest comes before the next lookup
    }

    @Override
    public void recall(Object memory) {}
}
