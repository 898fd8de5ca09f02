package trapline.checks.kprobes;

import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.MemorylessCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** DEBUG-STATE (V32): probes leave nothing of their stepping to tasks and debuggers. */
final class DebugState extends MemorylessCheck {

    DebugState() {
        super(CheckInfo.of(
                        "DEBUG-STATE",
                        "V32",
                        "A #DB from kernel mode never sets a flag of the task (TIF_SINGLESTEP is for stepped tasks), and the"
                                + " end of a probe's step never sends it a SIGTRAP.")
                .cites("do_debug(), post_kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.WATCH)
                .declared(Role.THREAD_FLAGS)
                .except("a task that is being stepped enters the kernel: its first #DB there"));
    }

    /** As i386 numbers it (kernel include/asm-x86/thread_info_32.h, 2.6.24). */
    private static final long TIF_SINGLESTEP = 1 << 4;

    private static final long SIGTRAP = 5;

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.WATCH, EventKind.TRAP_EXIT);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.THREAD_FLAGS || role == Role.SIGNAL;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        if (e.kind() == EventKind.TRAP_EXIT) {
            Frame closed = cpu.closed();
            if (closed != null && closed.vector() == TrapVector.DB && !closed.fromUser()) {
                exercised();
            }
            return;
        }
        if (state.guest().role(e.value(Variable.VARIABLE)) == Role.SIGNAL) {
            signal(e, cpu, state);
        } else {
            flags(e, cpu, state);
        }
    }

    /** A stepped IRET to user mode: its #DB comes there, where the probe's handler does not look. */
    private void signal(Event e, CpuState cpu, ReplayState state) {
        Frame top = cpu.top();
        Life life = cpu.lastLife();
        if (top == null || life == null || e.value(Variable.NEW) != SIGTRAP) {
            return;
        }
        if (top.vector() == TrapVector.DB && top.fromUser() && life.outcome() == Outcome.STEPPING) {
            exercised();
            violated(
                    e,
                    state,
                    probeName(life, state),
                    String.format(
                            "the #DB that ends the step of %s at %s arrives in user mode and is taken for one of the"
                                    + " task's own: it gets a SIGTRAP",
                            probeName(life, state), state.guest().place(life.address())),
                    cause(life.hitOrdinal(), "the hit"),
                    cause(top.entryOrdinal(), "the #DB"));
        }
    }

    private void flags(Event e, CpuState cpu, ReplayState state) {
        Frame top = cpu.top();
        boolean raised = (e.value(Variable.NEW) & ~e.value(Variable.OLD)) != 0;
        if (raised && top != null && top.vector() == TrapVector.DB && !top.fromUser()) {
            Life life = top.serves();
            violated(
                    e,
                    state,
                    life == null ? "none" : probeName(life, state),
                    String.format(
                            "a #DB at %s in kernel mode is taken for a debugger's step of the task: its thread flags %x"
                                    + " become %x%s",
                            state.guest().place(top.ip()),
                            e.value(Variable.OLD),
                            e.value(Variable.NEW),
                            (e.value(Variable.NEW) & ~e.value(Variable.OLD)) == TIF_SINGLESTEP
                                    ? " (TIF_SINGLESTEP), and it will get a SIGTRAP"
                                    : ""),
                    cause(life == null ? -1 : life.hitOrdinal(), "the hit"),
                    cause(top.entryOrdinal(), "the #DB"));
        }
    }
}
