package trapline.checks.kprobes;

import static trapline.events.KprobeStatus.KPROBE_HIT_ACTIVE;
import static trapline.events.KprobeStatus.KPROBE_HIT_SS;
import static trapline.events.KprobeStatus.KPROBE_HIT_SSDONE;
import static trapline.events.KprobeStatus.KPROBE_REENTER;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayState;
import trapline.replay.Role;

/**
 * STATUS-AUTOMATON (V6). A CPU's state is its status while a probe is current, else none:
 *
 * <pre>
 * none ─► ACTIVE ─► SS ─► SSDONE ─► none
 *           │        └────────────► none        (no post_handler, or a fault)
 *           └─────────────────────► none        (boosted, kretprobe)
 * ACTIVE, SS, SSDONE ─► REENTER ─► the same state, or none after a fault
 * </pre>
 */
final class StatusAutomaton extends RepeatableCheck {

    private static final int NONE = 0;

    private int[] status = {};
    private int[] before = {};
    private long[] lastOrdinal = {};
    private boolean[] fresh = {};
    private int[] pending = {};
    private boolean[] known = {};
    private boolean anythingLost;

    StatusAutomaton() {
        super(new CheckInfo(
                "STATUS-AUTOMATON",
                "V6",
                "kprobe_status moves only along none, ACTIVE, SS, SSDONE, none; REENTER comes from one of them and goes"
                        + " back to it.",
                "kprobe_handler(), post_kprobe_handler(), kprobe_fault_handler(), trampoline_handler()",
                Set.of(EventKind.KPROBE_STATUS, EventKind.CURRENT_KPROBE),
                Set.of(Role.STATUS, Role.CURRENT),
                List.of(
                        "while no probe is current the status keeps its last value",
                        "a boosted probe goes from ACTIVE to none without a step",
                        "a fault of the stepped instruction ends SS and REENTER")));
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.KPROBE_STATUS, EventKind.CURRENT_KPROBE);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (status.length == 0) {
            int cpus = state.cpus();
            status = new int[cpus];
            before = new int[cpus];
            fresh = new boolean[cpus];
            pending = new int[cpus];
            known = new boolean[cpus];
            lastOrdinal = new long[cpus];
            Arrays.fill(lastOrdinal, -1);
        }
        CpuState owner = state.owner(e);
        if (e.kind() == EventKind.CURRENT_KPROBE) {
            current(e, state, owner);
        } else if (owner.current() != 0) {
            move(e, state, owner.number(), e.intValue(Variable.NEW));
        } else {
            pending[owner.number()] = e.intValue(Variable.NEW);
        }
    }

    private void current(Event e, ReplayState state, CpuState owner) {
        int cpu = owner.number();
        boolean was = e.value(Variable.OLD) != 0;
        boolean is = e.value(Variable.NEW) != 0;
        if (was && !is) {
            move(e, state, cpu, NONE);
            pending[cpu] = NONE;
        } else if (!was && is) {
            fresh[cpu] = true;
            if (pending[cpu] != NONE) {
                // The compiler may store the status before the probe.
                move(e, state, cpu, pending[cpu]);
            }
        }
    }

    private void move(Event e, ReplayState state, int cpu, int to) {
        // A source that delivers changes only shows no store of ACTIVE over a stale ACTIVE.
        boolean stale = fresh[cpu] && e.kind() == EventKind.KPROBE_STATUS && e.value(Variable.OLD) == KPROBE_HIT_ACTIVE;
        int from = stale ? KPROBE_HIT_ACTIVE : fresh[cpu] ? NONE : status[cpu];
        // Behind lost events only a life that begins there is known from its start.
        known[cpu] |= fresh[cpu];
        fresh[cpu] = false;
        exercised();
        boolean same = from == to && from != KPROBE_REENTER;
        if (known[cpu] && !same && !isLegal(cpu, from, to)) {
            violated(
                    e,
                    state,
                    state.guest().probeName(state.cpu(cpu).current()),
                    String.format(
                            "kprobe_status of CPU %d moves from %s to %s, which no correct life of a probe does",
                            cpu, KprobeStatus.name(from), KprobeStatus.name(to)),
                    cameIn(hitOf(state.cpu(e.cpu())), state),
                    cause(lastOrdinal[cpu], "the status before"));
        }
        if (to == KPROBE_REENTER && from != KPROBE_REENTER) {
            before[cpu] = from;
        }
        status[cpu] = to;
        lastOrdinal[cpu] = e.ordinal();
    }

    private static @Nullable Life hitOf(CpuState cpu) {
        Frame top = cpu.top();
        return top == null ? null : top.life();
    }

    private boolean isLegal(int cpu, int from, int to) {
        return switch (to) {
            case NONE -> true;
            case KPROBE_HIT_ACTIVE -> from == NONE || (from == KPROBE_REENTER && before[cpu] == to);
            case KPROBE_HIT_SS -> from == KPROBE_HIT_ACTIVE || (from == KPROBE_REENTER && before[cpu] == to);
            case KPROBE_HIT_SSDONE -> from == KPROBE_HIT_SS || (from == KPROBE_REENTER && before[cpu] == to);
            case KPROBE_REENTER -> from == KPROBE_HIT_ACTIVE || from == KPROBE_HIT_SS || from == KPROBE_HIT_SSDONE;
            default -> false;
        };
    }

    @Override
    public void lost(Event event, ReplayState state) {
        anythingLost = true;
        Arrays.fill(known, false);
        Arrays.fill(fresh, false);
        Arrays.fill(pending, NONE);
    }

    /** While no probe is current it is where it began. */
    @Override
    public @Nullable Object memory() {
        boolean begins = !anythingLost;
        for (int cpu = 0; cpu < status.length; cpu++) {
            begins &= status[cpu] == NONE && pending[cpu] == NONE && !fresh[cpu];
        }
        return begins ? List.of() : null;
    }

    @Override
    public void recall(Object memory) {
        status = new int[0];
    }
}
