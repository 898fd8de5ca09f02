package trapline.checks.kprobes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.StackWrite;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/** RETURN-LEDGER (V29, V42): every return that was hijacked comes back once, to where it came from. */
final class ReturnLedger extends RepeatableCheck {

    ReturnLedger() {
        super(
                CheckInfo.of(
                                "RETURN-LEDGER",
                                "V29",
                                "A hijacked return goes to the address that it had, after the handlers of just those return probes"
                                        + " that hijacked it; and no call is missed while instances are free.")
                        .cites("pre_handler_kretprobe(), trampoline_handler(), recycle_rp_inst()")
                        .needs(EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.WATCH)
                        .declared()
                        .except(
                                "a return probe that was unregistered meanwhile has no handler any more",
                                "2.6.27 to 2.6.33 lose an instance where an entry_handler refuses: a property of those kernels"));
    }

    /** From the registers that the trampoline saves to the place of the return address: EFLAGS is pushed over it. */
    private static final long FLAGS_OFFSET = 52;

    /** A return address that was replaced: where it lies, what it was, for which return probe. */
    private record Hijack(long place, long address, long probe, long ordinal) {}

    /** By CPU: the hijacked returns that have not come, the latest call's first. */
    private final Map<Integer, Deque<Hijack>> open = new HashMap<>();

    /** By CPU: return probes whose handlers the trampoline has called. */
    private final Map<Integer, List<Long>> called = new HashMap<>();

    /** By return probe: how many calls were inside at most. */
    private final Map<Long, Integer> inside = new HashMap<>();

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.STACK_WRITE, EventKind.CALL_ENTRY, EventKind.CALL_EXIT, EventKind.WATCH);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return switch (role) {
            case TRAMPOLINE_HANDLER -> true;
            case RETURN_HANDLER -> kind == EventKind.CALL_ENTRY;
            case KRETPROBE_NMISSED -> kind == EventKind.WATCH;
            case UNREGISTER_KPROBE -> kind == EventKind.CALL_EXIT;
            default -> false;
        };
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (!state.guest().tables().delivers().contains(EventKind.STACK_WRITE) || state.lossy()) {
            return;
        }
        switch (e.kind()) {
            case STACK_WRITE -> written(e, state);
            case WATCH -> missed(e, state);
            case CALL_ENTRY -> entered(e, state);
            default -> left(e, state);
        }
    }

    /** The pre_handler that kprobes brings along for return probes writes the word on top of the stack. */
    private void written(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Frame top = cpu.top();
        int level = cpu.calls() - 1;
        if (top == null || top.hit() == null || level < 0) {
            return;
        }
        boolean hijacks = cpu.callDepth(level) == cpu.depth()
                && cpu.callRole(level) == Role.PRE_HANDLER
                && !cpu.isUserHandler(level)
                && e.value(StackWrite.ADDRESS) == top.esp();
        if (hijacks) {
            long probe = cpu.callArg(level);
            open(e.cpu()).push(new Hijack(top.esp(), e.value(StackWrite.OLD), probe, e.ordinal()));
            inside.merge(probe, insideForSure(probe), Math::max);
        }
    }

    private Deque<Hijack> open(int cpu) {
        return open.computeIfAbsent(cpu, number -> new ArrayDeque<>());
    }

    private int insideNow(long probe) {
        long count = open.values().stream()
                .flatMap(Deque::stream)
                .filter(hijack -> hijack.probe() == probe)
                .count();
        return (int) count;
    }

    /** Without those whose return a CPU is at: the trampoline's handler gives their instances back before it returns. */
    private int insideForSure(long probe) {
        int count = 0;
        for (Map.Entry<Integer, Deque<Hijack>> of : open.entrySet()) {
            Deque<Hijack> hijacks = of.getValue();
            long returning = called.containsKey(of.getKey()) && !hijacks.isEmpty()
                    ? hijacks.peek().place()
                    : -1;
            count += (int) hijacks.stream()
                    .filter(hijack -> hijack.probe() == probe && hijack.place() != returning)
                    .count();
        }
        return count;
    }

    /** No instance was free: then as many calls are inside as there ever were. */
    private void missed(Event e, ReplayState state) {
        long probe = state.guest().probeOfRow(e.value(Variable.VARIABLE));
        if (e.value(Variable.NEW) <= e.value(Variable.OLD)) {
            return;
        }
        exercised();
        int now = insideNow(probe);
        if (now == 0 || now < inside.getOrDefault(probe, 0)) {
            violated(
                    e,
                    state,
                    state.guest().probeName(probe),
                    String.format(
                            "%s misses a call for want of an instance, but only %d calls are inside: instances are lost",
                            state.guest().probeName(probe), now),
                    cause(topOrdinal(e, state), "the hit"));
        }
    }

    private static long topOrdinal(Event e, ReplayState state) {
        Frame top = cpu(e, state).top();
        return top == null ? -1 : top.entryOrdinal();
    }

    private void entered(Event e, ReplayState state) {
        if (state.guest().role(e.value(CallEntry.FUNCTION)) == Role.TRAMPOLINE_HANDLER) {
            called.put(e.cpu(), new ArrayList<>());
        } else {
            called.computeIfAbsent(e.cpu(), cpu -> new ArrayList<>())
                    .add(state.guest().probeOfRow(e.value(CallEntry.FUNCTION)));
        }
    }

    private void left(Event e, ReplayState state) {
        CpuState cpu = cpu(e, state);
        Role role = state.guest().role(e.value(CallExit.FUNCTION));
        if (!cpu.returned()) {
            return;
        }
        if (role == Role.UNREGISTER_KPROBE) {
            inside.remove(cpu.returnedArgument());
        } else if (role == Role.TRAMPOLINE_HANDLER) {
            returns(e, state, cpu.returnedArgument() + FLAGS_OFFSET);
        }
    }

    private void returns(Event e, ReplayState state, long place) {
        List<Long> handlers = Objects.requireNonNullElse(called.remove(e.cpu()), List.of());
        List<Hijack> here = take(open(e.cpu()), place);
        if (inside.isEmpty()) {
            return; // the stream shows no hijacks
        }
        exercised();
        if (here.isEmpty()) {
            report(e, state, null, "a return comes through the trampoline that nobody has hijacked");
            return;
        }
        Hijack first = here.get(here.size() - 1);
        if (e.value(CallExit.RESULT) != first.address()) {
            report(
                    e,
                    state,
                    first,
                    "the return that was to go to " + state.guest().place(first.address()) + " goes to "
                            + state.guest().place(e.value(CallExit.RESULT)));
            return;
        }
        for (Hijack hijack : here) {
            boolean expected = state.guest().declares(Role.RETURN_HANDLER, hijack.probe())
                    && !state.books().isGone(hijack.probe())
                    && !state.books().inTransition(state);
            long times =
                    handlers.stream().filter(probe -> probe == hijack.probe()).count();
            if (times > 1 || (expected && times == 0)) {
                report(e, state, hijack, "its handler is called " + times + " times for one return");
            }
        }
        for (long probe : handlers) {
            if (here.stream().noneMatch(hijack -> hijack.probe() == probe)) {
                report(
                        e,
                        state,
                        here.get(0),
                        "the handler of " + state.guest().probeName(probe)
                                + " is called for a return that it has not hijacked");
            }
        }
    }

    /** The hijacks of one return, the latest first; those of calls below it will not return any more. */
    private static List<Hijack> take(Deque<Hijack> open, long place) {
        List<Hijack> here = new ArrayList<>();
        while (!open.isEmpty() && open.peek().place() <= place) {
            Hijack hijack = open.pop();
            if (hijack.place() == place) {
                here.add(hijack);
            }
        }
        return here;
    }

    private void report(Event e, ReplayState state, @Nullable Hijack hijack, String what) {
        String probe = hijack == null ? "none" : state.guest().probeName(hijack.probe());
        violated(
                e,
                state,
                probe,
                (hijack == null ? "" : probe + ": ") + what,
                cause(hijack == null ? -1 : hijack.ordinal(), "the return is hijacked"),
                cause(cpu(e, state).returnedCall(), "the trampoline"));
    }

    @Override
    public void lost(Event event, ReplayState state) {
        open.clear();
        called.clear();
    }

    @Override
    public @Nullable Object memory() {
        return open.values().stream().allMatch(Deque::isEmpty) ? Map.copyOf(inside) : null;
    }

    @Override
    public void recall(Object memory) {
        open.clear();
        called.clear();
        inside.clear();
        ((Map<?, ?>) memory).forEach((probe, most) -> inside.put((Long) probe, (Integer) most));
    }
}
