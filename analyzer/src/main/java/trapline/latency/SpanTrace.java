package trapline.latency;

import java.util.Arrays;
import java.util.Set;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.StreamState;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/**
 * The spans of one run one by one, where {@link Latencies} and {@link Periods} count how long they are: the same spans, by
 * the same clock. A span that is cut off, by lost events or the end of the run, is left out.
 */
public final class SpanTrace extends ReplayListener {

    /** Takes spans as they end. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * One span.
         *
         * @param cpu its CPU
         * @param probe name of its probe, or {@code none}
         * @param beginStep step at which it begins
         * @param endStep step at which it ends
         * @param instructions retired on its CPU in it
         */
        void span(Span span, int cpu, String probe, long beginStep, long endStep, long instructions);
    }

    private static final Span[] STATES = {Span.IF_CLEAR, Span.TF_SET, Span.CURRENT_SET};

    private final Consumer consumer;
    private Cpu[] cpus = {};

    /** Makes one for one run. */
    public SpanTrace(Consumer consumer) {
        this.consumer = consumer;
    }

    /** What is open on a CPU. */
    private static final class Cpu {
        final long[] callSteps = new long[StreamState.FRAMES_MAX];
        final long[] callIcounts = new long[StreamState.FRAMES_MAX];
        final long[] callRows = new long[StreamState.FRAMES_MAX];
        final long[] stateSteps = new long[STATES.length];
        final long[] stateIcounts = new long[STATES.length];
        long probe;
        int within;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(
                EventKind.TRAP_EXIT,
                EventKind.CALL_ENTRY,
                EventKind.CALL_EXIT,
                EventKind.EFLAGS_WRITE,
                EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (cpus.length == 0) {
            cpus = new Cpu[state.cpus()];
            Arrays.setAll(cpus, i -> new Cpu());
        }
        CpuState cpu = state.cpu(e.cpu());
        switch (e.kind()) {
            case TRAP_EXIT -> trap(e, cpu);
            case CALL_ENTRY -> call(e, cpu);
            case CALL_EXIT -> returned(e, cpu, state.guest());
            case EFLAGS_WRITE -> look(e, cpu, state.guest());
            default -> {
                for (int number = 0; number < state.cpus(); number++) {
                    look(e, state.cpu(number), state.guest());
                }
            }
        }
    }

    private void trap(Event e, CpuState cpu) {
        Frame frame = cpu.closed();
        if (frame != null && frame.id() == e.value(TrapExit.FRAME)) {
            Span span = Span.ofTrap(frame.vector());
            consumer.span(span, cpu.number(), "none", frame.entryStep(), e.step(), cpu.icount() - frame.entryIcount());
        }
    }

    private void call(Event e, CpuState cpu) {
        int level = cpu.calls() - 1;
        if (level >= 0) {
            Cpu open = cpus[cpu.number()];
            open.callSteps[level] = e.step();
            open.callIcounts[level] = cpu.icount();
            open.callRows[level] = e.value(CallEntry.FUNCTION);
        }
    }

    private void returned(Event e, CpuState cpu, Guest guest) {
        if (!cpu.returned()) {
            return;
        }
        int level = cpu.calls();
        Cpu open = cpus[cpu.number()];
        Span span = Span.of(guest.role(open.callRows[level]));
        if (span != null) {
            String probe = guest.probeName(guest.probeOfRow(open.callRows[level]));
            long instructions = cpu.icount() - open.callIcounts[level];
            consumer.span(span, cpu.number(), probe, open.callSteps[level], e.step(), instructions);
        }
    }

    private void look(Event e, CpuState cpu, Guest guest) {
        int eflags = cpu.eflags();
        int now = ((eflags & Eflags.IF) == 0 ? 1 : 0)
                | ((eflags & Eflags.TF) != 0 ? 2 : 0)
                | (cpu.current() != 0 ? 4 : 0);
        Cpu open = cpus[cpu.number()];
        int changed = now ^ open.within;
        open.within = now;
        for (int which = 0; changed >>> which != 0; which++) {
            if ((changed >>> which & 1) != 0) {
                change(e, cpu, which, (now >>> which & 1) != 0, guest);
            }
        }
    }

    private void change(Event e, CpuState cpu, int which, boolean begins, Guest guest) {
        Cpu open = cpus[cpu.number()];
        boolean ofProbe = STATES[which] == Span.CURRENT_SET;
        if (begins) {
            open.stateSteps[which] = e.step();
            open.stateIcounts[which] = cpu.icount();
            open.probe = ofProbe ? cpu.current() : open.probe;
            return;
        }
        String probe = guest.probeName(ofProbe ? open.probe : 0);
        long instructions = cpu.icount() - open.stateIcounts[which];
        consumer.span(STATES[which], cpu.number(), probe, open.stateSteps[which], e.step(), instructions);
    }

    @Override
    public void over(Life life, Event event, ReplayState state) {
        String probe = state.guest().probeName(life.probe());
        if (life.outcome() == Outcome.STEPPED && life.trapOrdinal() >= 0) {
            long instructions = life.trapIcount() - life.leftIcount();
            consumer.span(Span.STEP, life.cpu(), probe, life.leftStep(), life.trapStep(), instructions);
        }
        Span span = Span.ofHit(life);
        if (span != null) {
            long instructions = life.endIcount() - life.hitIcount();
            consumer.span(span, life.cpu(), probe, life.hitStep(), life.endStep(), instructions);
        }
    }

    @Override
    public void lost(Event event, ReplayState state) {
        for (Cpu cpu : cpus) {
            cpu.within = 0;
        }
    }

    /** Not every declared function is a span. */
    @Override
    public boolean wants(EventKind kind, Role role) {
        return (kind != EventKind.CALL_ENTRY && kind != EventKind.CALL_EXIT) || Span.of(role) != null;
    }
}
