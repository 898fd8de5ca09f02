package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** HANDLER-CALLED (V44): handlers are called for registered probes only, and the right one is asked about a fault. */
final class HandlerCalled extends MemorylessCheck {

    HandlerCalled() {
        super(CheckInfo.of(
                        "HANDLER-CALLED",
                        "V44",
                        "No handler of a probe starts after unregister_kprobe() has returned for it, and a fault in a"
                                + " handler is put to the fault_handler of that handler's probe.")
                .cites("unregister_kprobe(), synchronize_sched(), kprobe_fault_handler(), aggr_fault_handler()")
                .needs(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TRAP_ENTRY)
                .declared()
                .except("the memory management repairs a fault without asking anybody"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY);
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
        exercised();
        Role role = state.guest().role(row);
        long given = e.value(CallEntry.ARG0);
        long probe = role != Role.RETURN_HANDLER && state.guest().isHandlerOf(row, given)
                ? given
                : state.guest().probeOfRow(row);
        if (state.books().isGone(probe)) {
            report(
                    e,
                    state,
                    row,
                    "starts although its probe is unregistered: unregister_kprobe() has returned",
                    state.books().returnOrdinal(probe),
                    "unregister_kprobe() returns");
        } else if (role == Role.FAULT_HANDLER) {
            asked(e, state, row, probe);
        }
    }

    /** The fault_handler asked must be that of the probe whose handler faulted. */
    private void asked(Event e, ReplayState state, long row, long probe) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        int faulted = top == null ? -1 : handlerAt(cpu, cpu.depth() - 1);
        if (top == null || faulted < 0) {
            return;
        }
        long owner = state.guest().isHandlerOf(cpu.callRow(faulted), cpu.callArg(faulted))
                ? cpu.callArg(faulted)
                : state.guest().probeOfRow(cpu.callRow(faulted));
        if (owner != probe) {
            report(
                    e,
                    state,
                    row,
                    "is asked about a fault in " + state.guest().rowName(cpu.callRow(faulted)),
                    top.entryOrdinal(),
                    "the fault");
        }
    }

    /** Level of the innermost user's pre_handler or post_handler that runs at a depth of frames, or -1. */
    private static int handlerAt(CpuState cpu, int depth) {
        for (int level = cpu.calls() - 1; level >= 0; level--) {
            Role role = cpu.callRole(level);
            boolean handler = role == Role.PRE_HANDLER || role == Role.POST_HANDLER;
            if (cpu.callDepth(level) == depth && handler && cpu.isUserHandler(level)) {
                return level;
            }
        }
        return -1;
    }

    private void report(Event e, ReplayState state, long row, String what, long ordinal, String cause) {
        violated(
                e,
                state,
                state.guest().probeName(state.guest().probeOfRow(row)),
                state.guest().rowName(row) + " " + what,
                cause(ordinal, cause));
    }
}
