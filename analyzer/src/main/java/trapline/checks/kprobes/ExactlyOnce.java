package trapline.checks.kprobes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventKind;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** EXACTLY-ONCE (V19): one execution of the probed instruction is one hit. */
final class ExactlyOnce extends RepeatableCheck {

    ExactlyOnce() {
        super(CheckInfo.of(
                        "EXACTLY-ONCE",
                        "V19",
                        "One execution of a probed instruction runs the pre_handler once, or counts one miss, and runs"
                                + " the post_handler at most once, and once if it was stepped; so for each child of an"
                                + " aggregate.")
                .cites("kprobe_handler(), post_kprobe_handler()")
                .needs(EventKind.TRAP_ENTRY, EventKind.TRAP_EXIT, EventKind.CALL_ENTRY, EventKind.CURRENT_KPROBE)
                .declared(Role.CURRENT)
                .except(
                        "the instruction faults and is retried: pre runs again",
                        "REP: each iteration is an execution",
                        "a boosted probe runs no post_handler",
                        "a pre_handler that returns non-zero is the last one",
                        "an int3 that is itself probed"));
    }

    /** Handlers that have started in hits that are not over, by the hit: the probe, negative for a post_handler. */
    private final Map<Long, List<Long>> started = new HashMap<>();

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.CALL_ENTRY);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return role == Role.PRE_HANDLER || role == Role.POST_HANDLER;
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long row = e.value(CallEntry.FUNCTION);
        Frame top = cpu(e, state).top();
        if (top == null || !state.guest().isUserHandler(row)) {
            return;
        }
        Life life = top.hit() != null && top.hit().claimed() ? top.hit() : top.serves();
        if (life != null) {
            boolean post = state.guest().role(row) == Role.POST_HANDLER;
            long probe = state.guest().isHandlerOf(row, e.value(CallEntry.ARG0))
                            || state.books().isRegistered(e.value(CallEntry.ARG0))
                    ? e.value(CallEntry.ARG0)
                    : state.guest().probeOfRow(row);
            started.computeIfAbsent(life.hitOrdinal(), hit -> new ArrayList<>()).add(post ? -probe : probe);
        }
    }

    @Override
    public void over(Life life, Event e, ReplayState state) {
        List<Long> handlers = Objects.requireNonNullElse(started.remove(life.hitOrdinal()), List.of());
        if (!life.claimed() || !life.currentKnown() || life.outcome() == Outcome.ABANDONED) {
            return;
        }
        if (state.guest().declares(Role.PRE_HANDLER, life.probe())) {
            single(life, e, state);
        }
        if (!state.books().inTransition(state) && state.books().changedOrdinal() < life.hitOrdinal()) {
            each(life, handlers, e, state);
        }
    }

    private void single(Life life, Event e, ReplayState state) {
        exercised();
        int executions = life.preCalls() + (life.isReentry() ? life.missed() : 0);
        if (executions != 1 || life.postCalls() > 1) {
            report(
                    life,
                    e,
                    state,
                    String.format(
                            "ran the pre_handler %d times, missed %d times, and ran the post_handler %d times",
                            life.preCalls(), life.missed(), life.postCalls()));
        }
    }

    /** The handlers of each probe that is registered at its address, an aggregate's children too. */
    private void each(Life life, List<Long> handlers, Event e, ReplayState state) {
        boolean runs = !life.isReentry() && life.preResult() == 0;
        boolean isInt3 = life.slot() == life.address();
        boolean ends = life.outcome() == Outcome.STEPPED && !life.strayPop() && !life.handedOver() && !isInt3;
        for (long probe : state.books().registered()) {
            if (state.books().placeOf(probe) != life.address()) {
                continue;
            }
            String name = state.guest().probeName(probe);
            long pre = handlers.stream().filter(handler -> handler == probe).count();
            long post = handlers.stream().filter(handler -> handler == -probe).count();
            exercised();
            if (pre > 1 || (pre == 0 && runs && state.guest().declares(Role.PRE_HANDLER, probe))) {
                report(life, e, state, "ran the pre_handler of " + name + " " + pre + " times");
            } else if (post > 1 || (post == 0 && runs && ends && state.guest().declares(Role.POST_HANDLER, probe))) {
                report(life, e, state, "ran the post_handler of " + name + " " + post + " times");
            }
        }
    }

    private void report(Life life, Event e, ReplayState state, String what) {
        violated(
                e,
                state,
                probeName(life, state),
                "one execution of the instruction at " + state.guest().place(life.address()) + " " + what,
                cause(life.hitOrdinal(), "the hit"),
                cause(life.leftOrdinal(), "the step begins"),
                cause(life.trapOrdinal(), "the step ends"));
    }

    @Override
    public void lost(Event event, ReplayState state) {
        started.clear();
    }

    /** No hit is open at a point of rest. */
    @Override
    public @Nullable Object memory() {
        return List.of();
    }

    @Override
    public void recall(Object memory) {
        started.clear();
    }
}
