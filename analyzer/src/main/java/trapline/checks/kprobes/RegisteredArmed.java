package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.ProbeBooks;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.replay.TextState;

/** REGISTERED-ARMED (V42): the books and the text say the same. */
final class RegisteredArmed extends MemorylessCheck {

    RegisteredArmed() {
        super(CheckInfo.of(
                        "REGISTERED-ARMED",
                        "V42",
                        "Where a probe is registered and probes are not disabled there is an int3, and nowhere else is one"
                                + " of kprobes; none is in the table twice, and nothing but unregistering and disabling"
                                + " takes an int3 away.")
                .cites("register_kprobe(), unregister_kprobe(), disable_all_kprobes(), enable_all_kprobes()")
                .needs(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE)
                .declared()
                .except("while one of these functions is at work", "a debugger's own int3 in the same place"));
    }

    private static final Set<Role> CHANGES =
            Set.of(Role.REGISTER_KPROBE, Role.UNREGISTER_KPROBE, Role.DISABLE_ALL_KPROBES, Role.ENABLE_ALL_KPROBES);

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return kind == EventKind.CALL_ENTRY ? role == Role.HASH_ADD : CHANGES.contains(role);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (!state.books().complete()) {
            return;
        }
        switch (e.kind()) {
            case TEXT_WRITE -> written(e, state);
            case CALL_ENTRY -> hashed(e, state, e.value(CallEntry.ARG0));
            default -> returned(e, state);
        }
    }

    private void hashed(Event e, ReplayState state, long probe) {
        exercised();
        if (state.books().timesHashed(probe) > 1) {
            report(e, state, probe, "is put into the table of probes, where it is already");
        }
    }

    /** Whether kprobes takes away an int3 that has to stay. */
    private void written(Event e, ReplayState state) {
        long address = e.value(TextWrite.ADDRESS);
        boolean takes = (e.value(TextWrite.OLD) & 0xff) == TextState.BREAKPOINT
                && (e.value(TextWrite.NEW) & 0xff) != TextState.BREAKPOINT;
        CpuState cpu = cpu(e, state);
        if (takes
                && !state.books().disabled()
                && state.books().isRegisteredAt(address)
                && state.books().byKprobes(e, cpu)
                && !isAtWork(cpu)) {
            exercised();
            violated(
                    e,
                    state,
                    "none",
                    "kprobes takes the int3 at " + state.guest().place(address)
                            + " away, although nobody unregisters its probe or disables probes");
        }
    }

    private void returned(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (!cpu.returned() || state.books().inTransition(state)) {
            return; // what another CPU, or a caller of this one, has begun is not done yet
        }
        Role role = state.guest().role(e.value(CallExit.FUNCTION));
        long probe = cpu.returnedArgument();
        exercised();
        switch (role) {
            case REGISTER_KPROBE -> registered(e, state, probe);
            case UNREGISTER_KPROBE -> unregistered(e, state, probe);
            default -> {
                for (long each : state.books().registered()) {
                    judgeInt3(e, state, each);
                }
            }
        }
    }

    private void registered(Event e, ReplayState state, long probe) {
        ProbeBooks books = state.books();
        if (e.intValue(CallExit.RESULT) != 0) {
            long place = books.placeOf(probe);
            if (!books.isRegistered(probe) && !books.isRegisteredAt(place) && books.ownsInt3(place)) {
                report(e, state, probe, "is refused, and yet there is an int3 for it");
            }
        } else if (books.timesRegistered(probe) > 1) {
            report(e, state, probe, "is registered a second time");
        } else if (state.guest().declares(Role.HASH_ADD)
                && isPlaced(books, probe)
                && !books.isHashedAt(books.placeOf(probe))) {
            report(e, state, probe, "is registered, but no probe of its address is in the table");
        } else {
            judgeInt3(e, state, probe);
        }
    }

    private void unregistered(Event e, ReplayState state, long probe) {
        ProbeBooks books = state.books();
        if (!books.isGone(probe)) {
            return; // it was not registered
        }
        boolean others = books.isRegisteredAt(books.placeOf(probe));
        if (others) {
            books.registered().stream()
                    .filter(other -> books.placeOf(other) == books.placeOf(probe))
                    .findFirst()
                    .ifPresent(other -> judgeInt3(e, state, other));
        } else if (books.ownsInt3(books.placeOf(probe))) {
            report(e, state, probe, "is unregistered, but its int3 stays");
        } else if (books.isHashed(probe)) {
            report(e, state, probe, "is unregistered, but still in the table");
        }
    }

    /** Whether a registered probe has its int3 exactly if probes are enabled. */
    private void judgeInt3(Event e, ReplayState state, long probe) {
        ProbeBooks books = state.books();
        long place = books.placeOf(probe);
        Integer there = isPlaced(books, probe) ? state.text().byteAt(place) : null;
        if (books.disabled() && books.ownsInt3(place)) {
            report(e, state, probe, "is disabled with all others, but its int3 stays");
        } else if (!books.disabled() && there != null && there != TextState.BREAKPOINT) {
            report(e, state, probe, "is registered, but there is no int3 for it");
        }
    }

    private static boolean isPlaced(ProbeBooks books, long probe) {
        return books.placeOf(probe) != 0;
    }

    private static boolean isAtWork(CpuState cpu) {
        return cpu.isIn(CHANGES);
    }

    private void report(Event e, ReplayState state, long probe, String what) {
        long place = state.books().placeOf(probe);
        violated(
                e,
                state,
                state.guest().probeName(probe),
                state.guest().probeName(probe)
                        + (place == 0 ? " " : " at " + state.guest().place(place) + " ")
                        + what,
                cause(e.kind() == EventKind.CALL_EXIT ? cpu(e, state).returnedCall() : -1, "the call"),
                cause(state.books().returnOrdinal(probe), "the last registering or unregistering of it"));
    }
}
