package trapline.checks.kprobes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/**
 * V41: what a hit leaves as it found it. Of variables that are each CPU's own and nobody's in kprobes, the first value before
 * kprobes' code stored to one is compared with the last; of a return trampoline the control flags.
 */
final class LeftAsFound extends RepeatableCheck {

    private static final String TRAMPOLINE = "kretprobe_trampoline";

    /** A variable of a CPU that kprobes' own code has stored to since the CPU's outermost hit began. */
    private record Touched(long row, int element, long before, long ordinal) {}

    private final List<Touched> touched = new ArrayList<>();
    /** By CPU: control flags with which trampoline_handler() was entered, or -1. */
    private long[] atTrampoline = {};

    private int open;

    LeftAsFound() {
        super(CheckInfo.of(
                        "LEFT-AS-FOUND",
                        "V41",
                        "After a hit each CPU's own variables that no handler owns are what they were before it (thread"
                                + " flags, pending signal, debug control), and a return trampoline keeps the control flags")
                .cites("do_debug, kprobe_fault_handler, clear_btf, restore_btf, kretprobe_trampoline")
                .needs(EventKind.WATCH, EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT)
                .except(
                        "stores by a user handler, by the probed instruction, by an interrupt or another trap in between",
                        "a hit that is abandoned"));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.WATCH, EventKind.CALL_ENTRY, EventKind.EFLAGS_WRITE);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return kind == EventKind.CALL_ENTRY
                ? role == Role.TRAMPOLINE_HANDLER
                : role == Role.THREAD_FLAGS || role == Role.SIGNAL || role == Role.OTHER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        switch (e.kind()) {
            case WATCH -> stored(e, state);
            case CALL_ENTRY -> trampolineEntered(e, state);
            default -> trampolineLeft(e, state);
        }
    }

    private void stored(Event e, ReplayState state) {
        long row = e.value(Variable.VARIABLE);
        int element = e.intValue(Variable.ELEMENT);
        CpuState cpu = cpu(e, state);
        boolean own =
                state.guest().isPerCpu(row) ? element == e.cpu() : state.guest().role(row) != Role.OTHER;
        if (own && cpu.lives() > 0 && byKprobes(cpu, e.ip()) && find(row, element) == null) {
            touched.add(new Touched(row, element, e.value(Variable.OLD), e.ordinal()));
        }
    }

    private @Nullable Touched find(long row, int element) {
        for (Touched known : touched) {
            if (known.row == row && known.element == element) {
                return known;
            }
        }
        return null;
    }

    /** Whether the code that runs is neither a handler's nor the probed one nor that of another trap. */
    private static boolean byKprobes(CpuState cpu, long eip) {
        if (cpu.inUserHandler() || cpu.inStep(eip)) {
            return false;
        }
        for (int level = cpu.life(0).baseDepth(); level < cpu.depth(); level++) {
            Frame frame = cpu.frame(level);
            boolean ours = frame.vector() == TrapVector.BP || frame.life() != null;
            if (frame.external() || !ours) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        if (cpu(e, state).lives() > 0) {
            return;
        }
        boolean judged = life.outcome() != Outcome.ABANDONED && state.guest().declares(Role.THREAD_FLAGS);
        if (judged) {
            exercised();
        }
        for (int i = touched.size() - 1; i >= 0; i--) {
            Touched variable = touched.get(i);
            if (variable.element == e.cpu()) {
                touched.remove(i);
                long now = state.variable((int) variable.row, variable.element);
                if (judged && now != variable.before) {
                    changed(e, state, life, variable, now);
                }
            }
        }
    }

    private void changed(Event e, ReplayState state, Life life, Touched variable, long now) {
        String sentence = String.format(
                "%s was %x before the hit of %s at %s, and is %x after it",
                state.guest().rowName(variable.row),
                variable.before,
                probeName(life, state),
                state.guest().place(life.address()),
                now);
        violated(
                e,
                state,
                probeName(life, state),
                sentence,
                cause(life.hitOrdinal(), "the hit"),
                cause(variable.ordinal, "kprobes' code stores to it"));
    }

    private void trampolineEntered(Event e, ReplayState state) {
        if (atTrampoline.length == 0) {
            atTrampoline = new long[state.cpus()];
            Arrays.fill(atTrampoline, -1);
        }
        open += atTrampoline[e.cpu()] < 0 ? 1 : 0;
        atTrampoline[e.cpu()] = control(cpu(e, state).eflags());
    }

    private static long control(long eflags) {
        return eflags & 0xffff_ffffL & ~Eflags.STATUS;
    }

    private void trampolineLeft(Event e, ReplayState state) {
        boolean waits = open > 0 && atTrampoline[e.cpu()] >= 0 && e.value(EflagsWrite.CAUSE) == FlagCause.POPF.code();
        if (!waits || !state.guest().place(e.ip()).startsWith(TRAMPOLINE)) {
            return;
        }
        long before = atTrampoline[e.cpu()];
        long after = control(e.value(EflagsWrite.NEW));
        atTrampoline[e.cpu()] = -1;
        open--;
        exercised();
        if (before != after) {
            violated(
                    e,
                    state,
                    "none",
                    "a function returns through the trampoline with flags " + Eflags.names(before)
                            + ", and the caller goes on with " + Eflags.names(after));
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        touched.clear();
        Arrays.fill(atTrampoline, -1);
        open = 0;
    }

    @Override
    public @Nullable Object memory() {
        return touched.isEmpty() && open == 0 ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {}
}
