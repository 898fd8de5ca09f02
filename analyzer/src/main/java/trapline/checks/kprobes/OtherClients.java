package trapline.checks.kprobes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.Shown;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** OTHER-CLIENTS (V47): whoever else has to do with a trap sees it as if no probe were there. */
final class OtherClients extends RepeatableCheck {

    OtherClients() {
        super(CheckInfo.of(
                        "OTHER-CLIENTS",
                        "V47",
                        "A #DB with a second cause goes on to the others, nobody else is shown an address in a slot, and"
                                + " no interrupt comes right behind a probed sti.")
                .cites("kprobe_exceptions_notify(), post_kprobe_handler(), do_debug()")
                .needs(EventKind.TRAP_ENTRY, EventKind.CALL_EXIT)
                .declared(Role.POST_KPROBE_HANDLER)
                .except("many kernels break one of these: then this is a property of that kernel"));
    }

    private static final long DR_TRAPS = 15;
    private static final long DR_STEP = 1 << 14;
    private static final int STI = 0xfb;

    /** Where each CPU's image was when the hook left it. */
    private long leftIp;

    /** Hits of sti that are over, by CPU: until when an interrupt must wait. */
    private final Map<Integer, Shadow> shadows = new HashMap<>();

    private record Shadow(long ip, long icount, long hitOrdinal, String probe) {}

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.SHOWN, EventKind.CALL_EXIT, EventKind.TRAP_ENTRY);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return switch (role) {
            case KPROBE_HANDLER, POST_KPROBE_HANDLER, KPROBE_FAULT_HANDLER -> true;
            default -> false;
        };
    }

    @Override
    public void accept(Event e, ReplayState state) {
        switch (e.kind()) {
            case SHOWN -> leftIp = e.value(Shown.LEAVING) != 0 ? e.value(Shown.IP) : 0;
            case CALL_EXIT -> returned(e, state);
            default -> interrupted(e, state);
        }
    }

    private void returned(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        if (top == null || top.fromUser()) {
            return;
        }
        boolean declines = e.value(CallExit.RESULT) == 0;
        boolean second = top.vector() == TrapVector.DB && (top.dr6() & DR_STEP) != 0 && (top.dr6() & DR_TRAPS) != 0;
        if (declines) {
            exercised();
            if (state.guest().inSlots(leftIp)) {
                report(
                        e,
                        state,
                        top,
                        "kprobes declines the trap, and everybody else is shown the slot address "
                                + state.guest().place(leftIp));
            }
        } else if (second) {
            exercised();
            report(
                    e,
                    state,
                    top,
                    String.format(
                            "the #DB has a second cause (DR6 %x), but kprobes keeps it: a hardware breakpoint is lost",
                            top.dr6()));
        }
        leftIp = 0;
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        Integer opcode = Opcode.byteOf(life.address(), state.text());
        boolean raised = !Flag.IF.in(life.pushedEflags()) && Flag.IF.in(life.endEflags());
        boolean done = life.outcome() == Outcome.STEPPED || life.outcome() == Outcome.DIRECT;
        if (done && raised && opcode != null && opcode == STI) {
            exercised();
            shadows.put(
                    e.cpu(),
                    new Shadow(life.endIp(), cpu(e, state).icount(), life.hitOrdinal(), probeName(life, state)));
        }
    }

    /** An interrupt comes: right behind a probed sti, of which the next instruction has not been executed? */
    private void interrupted(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        Shadow shadow = shadows.remove(e.cpu());
        if (shadow != null
                && top != null
                && top.external()
                && top.vector() != TrapVector.NMI
                && top.ip() == shadow.ip()
                && cpu.icount() - shadow.icount() <= 1) {
            violated(
                    e,
                    state,
                    shadow.probe(),
                    "an interrupt comes right behind the sti at which " + shadow.probe()
                            + " is: without a probe the next instruction would have been executed first",
                    cause(shadow.hitOrdinal(), "the hit"));
        }
    }

    private void report(Event e, ReplayState state, Frame top, String what) {
        Life life = top.serves() != null ? top.serves() : top.hit();
        violated(e, state, life == null ? "none" : probeName(life, state), what, cause(top.entryOrdinal(), "the trap"));
    }

    @Override
    public void lost(Event event, ReplayState state) {
        shadows.clear();
    }

    /** What an interrupt would come right behind. */
    @Override
    public @Nullable Object memory() {
        return shadows.isEmpty() ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {
        shadows.clear();
    }
}
