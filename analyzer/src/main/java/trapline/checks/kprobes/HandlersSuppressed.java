package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** HANDLERS-SUPPRESSED (V12): a re-entered probe is stepped over, and nothing else. */
final class HandlersSuppressed extends MemorylessCheck {

    HandlersSuppressed() {
        super(CheckInfo.of(
                        "HANDLERS-SUPPRESSED",
                        "V12",
                        "No pre, post, break or fault handler of a user runs while kprobe_status is REENTER.")
                .cites("kprobe_handler(), reenter_kprobe(), post_kprobe_handler()")
                .needs(EventKind.CALL_ENTRY, EventKind.CURRENT_KPROBE, EventKind.KPROBE_STATUS)
                .declared(Role.CURRENT, Role.STATUS)
                .except());
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role.isUserHandler() && role != Role.RETURN_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        long row = e.value(CallEntry.FUNCTION);
        boolean reentered = cpu.currentKnown() && cpu.current() != 0 && cpu.status() == KprobeStatus.KPROBE_REENTER;
        if (reentered && state.guest().isUserHandler(row)) {
            Life life = cpu.lastLife();
            violated(
                    e,
                    state,
                    state.guest().probeName(cpu.current()),
                    state.guest().rowName(row) + " is called in status KPROBE_REENTER",
                    cause(life == null ? -1 : life.hitOrdinal(), "the re-entry"));
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (life.reentered()) {
            exercised();
        }
    }
}
