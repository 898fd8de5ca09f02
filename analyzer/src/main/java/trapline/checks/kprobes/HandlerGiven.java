package trapline.checks.kprobes;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.Shown;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** HANDLER-GIVEN (V43): a handler gets its own probe, and the registers as they are. */
final class HandlerGiven extends RepeatableCheck {

    /** Whether a vector was compared: a third argument, which else is noise. */
    private boolean comparedVector;

    HandlerGiven() {
        super(CheckInfo.of(
                        "HANDLER-GIVEN",
                        "V43",
                        "A handler's first argument is its own probe, never the aggregate; the registers that it is shown"
                                + " are those of the trap, as earlier handlers have left them; a fault handler is told the"
                                + " vector.")
                .cites("kprobe_handler(), post_kprobe_handler(), aggr_pre_handler(), trampoline_handler()")
                .needs(EventKind.CALL_ENTRY)
                .declared()
                .except(
                        "up to 2.6.25 a post_handler is shown ip and flags of the step",
                        "a return handler is given an instance, not a probe"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY, EventKind.SHOWN);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role.isUserHandler();
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long row = e.value(CallEntry.FUNCTION);
        if (!state.guest().isUserHandler(row)) {
            return;
        }
        Role role = state.guest().role(row);
        if (e.kind() == EventKind.CALL_ENTRY) {
            called(e, state, role, row);
        } else if (e.value(Shown.LEAVING) == 0) {
            shown(e, state, role, row);
        }
    }

    /** What it has to know is in the state. */
    @Override
    public Object memory() {
        return "";
    }

    @Override
    public void recall(Object memory) {}

    @Override
    public boolean ignoresNoise() {
        return !comparedVector;
    }

    private void called(Event e, ReplayState state, Role role, long row) {
        Guest guest = state.guest();
        if (role == Role.RETURN_HANDLER) {
            return;
        }
        exercised();
        long given = e.value(CallEntry.ARG0);
        boolean sharesFunction = state.books().isRegistered(given) && !guest.declares(role, given);
        if (!guest.isHandlerOf(row, given) && !sharesFunction) {
            report(e, state, row, "is given " + guest.probeName(given) + " for its probe");
        } else if (role == Role.FAULT_HANDLER) {
            Frame top = cpu(e, state).top();
            comparedVector = true;
            if (top != null && e.value(CallEntry.ARG2) != top.vector()) {
                report(
                        e,
                        state,
                        row,
                        "is told vector " + e.value(CallEntry.ARG2) + " of a fault of vector " + top.vector());
            }
        }
    }

    private void shown(Event e, ReplayState state, Role role, long row) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        if (role == Role.RETURN_HANDLER) {
            returning(e, state, cpu, row);
        } else if (top != null && top.livesKnown()) {
            exercised();
            inTrap(e, state, role, row, top);
        }
    }

    private void inTrap(Event e, ReplayState state, Role role, long row, Frame top) {
        Life life = top.serves() != null && !(top.hit() != null && top.hit().claimed()) ? top.serves() : top.hit();
        long differs = e.value(Shown.DIFFERS) & ~writtenBefore(life, top);
        boolean emulates = role == Role.POST_HANDLER && top.serves() == null;
        if (e.value(Shown.FRAME) != 0 && e.value(Shown.FRAME) != top.id()) {
            report(e, state, row, "is shown the registers of another trap than the one it is called in");
        } else if (differs != 0 && !emulates) {
            report(
                    e,
                    state,
                    row,
                    "is shown registers that the CPU did not have at the trap: " + RegisterNames.names(differs));
        } else if (role == Role.PRE_HANDLER && life != null && e.value(Shown.IP) != expectedIp(life)) {
            report(
                    e,
                    state,
                    row,
                    String.format(
                            "is shown ip %x (%s), but ip is %x",
                            e.value(Shown.IP), state.guest().place(e.value(Shown.IP)), expectedIp(life)));
        } else if (role == Role.PRE_HANDLER
                && life != null
                && life.handlerWrote() == 0
                && e.value(Shown.EFLAGS) != life.pushedEflags()) {
            report(
                    e,
                    state,
                    row,
                    String.format(
                            "is shown flags %x, but the probed code had %x",
                            e.value(Shown.EFLAGS), life.pushedEflags()));
        }
    }

    private static long writtenBefore(@Nullable Life life, Frame top) {
        return life != null && life.writtenIn() == top.entryOrdinal() ? life.handlerRegisters() : 0;
    }

    private static long expectedIp(Life life) {
        return life.movedOrdinal() >= 0 ? life.movedIp() : life.address() + 1;
    }

    /** A return handler is shown what the trampoline saved. */
    private void returning(Event e, ReplayState state, CpuState cpu, long row) {
        int level = cpu.innermost(Role.TRAMPOLINE_HANDLER);
        if (level >= 0) {
            exercised();
            if (cpu.callArg(level) != e.value(Shown.IMAGE)) {
                report(e, state, row, "is shown other registers than those that the trampoline saved");
            }
        }
    }

    private void report(Event e, ReplayState state, long row, String what) {
        Frame top = cpu(e, state).top();
        violated(
                e,
                state,
                state.guest().probeName(state.guest().probeOfRow(row)),
                state.guest().rowName(row) + " " + what,
                cause(top == null ? -1 : top.entryOrdinal(), "the trap"));
    }
}
