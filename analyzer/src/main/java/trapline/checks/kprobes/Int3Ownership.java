package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.events.StreamState;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.replay.TextState;

/** INT3-OWNERSHIP (V21): kprobes declines an int3 only if it is not its own. */
final class Int3Ownership extends RepeatableCheck {

    Int3Ownership() {
        super(CheckInfo.of(
                        "INT3-OWNERSHIP",
                        "V21",
                        "kprobe_handler() declines an int3, or gives up on it, only if no probe is registered there, the"
                                + " breakpoint is still present, and no break_handler takes it; or if the probed"
                                + " instruction is itself an int3.")
                .cites("kprobe_handler(), reenter_kprobe()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.TEXT_WRITE)
                .declared(Role.KPROBE_HANDLER, Role.GET_KPROBE)
                .except("the second int3 of a probe whose instruction is an int3"));
    }

    private static final String DIE = "in die()";

    private final Map<Long, Long> writeOrdinal = new HashMap<>();
    private long[][] lookupOrdinal = {};

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_EXIT, EventKind.BUG, EventKind.TEXT_WRITE);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.GET_KPROBE || role == Role.KPROBE_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.kind() == EventKind.TEXT_WRITE) {
            for (long i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
                writeOrdinal.put(e.value(TextWrite.ADDRESS) + i, e.ordinal());
            }
            return;
        }
        Frame top = cpu(e, state).top();
        Life life = top == null ? null : top.hit();
        if (top == null || life == null) {
            return;
        }
        if (e.kind() == EventKind.BUG) {
            if (life.found() && life.handlerResult() < 0) {
                exercised();
                report(life, e, state, "the handler gives up on a hit of a registered probe", "in BUG()");
            }
        } else if (state.guest().role(e.value(CallExit.FUNCTION)) == Role.GET_KPROBE) {
            lookedUp(e, state);
        } else {
            exercised();
            if (e.value(CallExit.RESULT) == 0) {
                declined(life, top, e, state);
            }
        }
    }

    private void declined(Life life, Frame top, Event e, ReplayState state) {
        Integer now = state.text().byteAt(life.address());
        Integer original = state.text().originalByteAt(life.address());
        boolean ownInt3 = original != null && original == TextState.BREAKPOINT;
        if (!cpu(e, state).livesKnown() || (original == null && state.lossy())) {
            return; // behind lost events it may be the second int3 of another life, or the instruction itself
        }
        if (ownInt3 || (top.serves() != null && top.serves().slot() == life.address())) {
            return;
        }
        if (life.found()) {
            report(
                    life,
                    e,
                    state,
                    "kprobe_handler() declines a hit of a registered probe (status "
                            + KprobeStatus.name(life.statusAtHit()) + " at the hit)",
                    DIE);
        } else if (now != null && now != TextState.BREAKPOINT) {
            report(
                    life,
                    e,
                    state,
                    "the breakpoint has vanished, but kprobe_handler() declines instead of going back"
                            + " to the instruction",
                    DIE);
        } else if (ArmOrder.isProbes(life.address(), state)) {
            report(life, e, state, "a probe is armed here, but the lookup has not found it", DIE);
        }
    }

    private void report(Life life, Event e, ReplayState state, String what, String end) {
        CpuState cpu = cpu(e, state);
        Life outer = null;
        for (int i = 0; i < cpu.lives() && cpu.life(i) != life; i++) {
            outer = cpu.life(i);
        }
        long lookup = lookupOrdinal.length == 0 ? -1 : lookupOrdinal[e.cpu()][cpu.depth()];
        violated(
                e,
                state,
                probeName(life, state),
                what + ": the int3 at " + state.guest().place(life.address()) + " ends " + end,
                cause(
                        outer == null ? -1 : Math.max(outer.leftOrdinal(), outer.claimOrdinal()),
                        outer == null ? "" : probeName(outer, state) + " is in the middle of its own hit since here"),
                cameIn(life, state),
                cause(life.hitOrdinal(), "the int3"),
                cause(writeOrdinal.getOrDefault(life.address(), -1L), "the last write to the byte"),
                cause(lookup > life.hitOrdinal() ? lookup : -1, "what the lookup found"));
    }

    /** Remembers the lookup by the frame that it is made in: handlers can be hit, and look up, themselves. */
    private void lookedUp(Event e, ReplayState state) {
        if (lookupOrdinal.length == 0) {
            lookupOrdinal = new long[state.cpus()][StreamState.FRAMES_MAX + 1];
        }
        lookupOrdinal[e.cpu()][cpu(e, state).depth()] = e.ordinal();
    }

    @Override
    public Object memory() {
        return List.of(); // what it keeps is cited only
    }

    @Override
    public void recall(Object memory) {}
}
