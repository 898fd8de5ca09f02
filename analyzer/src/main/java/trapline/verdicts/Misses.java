package trapline.verdicts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.Observed;
import trapline.events.TrapVector;
import trapline.journal.Journal;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.Replay;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.text.EventTextTables;

/**
 * Why probes were missed: for each rise of nmissed, what its CPU was in the middle of.
 *
 * <pre>
 *   hit while a handler of another probe runs      in p1's pre_handler
 *   the same, but an NMI or interrupt came first   NMI in p1's pre_handler
 *   hit in an NMI before the stepped instruction   NMI during p1's step
 *   hit in kprobes' own code, or an NMI there      in the #BP of p1
 *   fault in a handler                             #PF in its pre_handler
 *   kretprobe                                      no free instance
 * </pre>
 */
final class Misses extends ReplayListener {

    /** By probe, then by reason. */
    private final Map<String, Map<String, Integer>> reasons = new TreeMap<>();

    private Misses() {}

    /**
     * A line for each probe that was missed, such as {@code p2 missed 3: in p1's pre_handler (2), NMI during p1's step (1)}.
     *
     * @param journal read once more, if a count stands above 0 at its end
     * @param end the state at its end
     * @throws IOException if it cannot be read
     */
    static List<String> of(Journal journal, EventTextTables tables, ReplayState end) throws IOException {
        if (!anyMissed(tables.observed(), end)) {
            return List.of();
        }
        Misses misses = new Misses();
        Replay replay = new Replay(tables, List.of(misses));
        journal.read(replay);
        return misses.lines();
    }

    private static boolean anyMissed(List<Observed> observed, ReplayState end) {
        for (int row = 0; row < observed.size(); row++) {
            if (counts(end.guest().role(row)) && end.variable(row, 0) != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean counts(Role role) {
        return role == Role.NMISSED || role == Role.KRETPROBE_NMISSED;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.WATCH);
    }

    @Override
    public boolean wants(EventKind kind, Role role) {
        return counts(role);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        long row = e.value(Variable.VARIABLE);
        if (e.intValue(Variable.NEW) > e.intValue(Variable.OLD)) {
            String name = state.guest().rowName(row);
            String probe = name.substring(name.indexOf(':') + 1);
            boolean ofReturns = state.guest().role(row) == Role.KRETPROBE_NMISSED;
            String reason = ofReturns ? "no free instance" : reason(state.cpu(e.cpu()), state);
            reasons.computeIfAbsent(probe, p -> new TreeMap<>()).merge(reason, 1, Integer::sum);
        }
    }

    private static String reason(CpuState cpu, ReplayState state) {
        Frame top = cpu.top();
        Life hit = top == null ? null : top.hit();
        if (top != null && hit == null) {
            return TrapVector.name(top.vector()) + " in its " + word(cpu.depth() - 1, cpu);
        }
        Life outer = hit == null ? null : below(hit, cpu);
        if (hit == null || outer == null) {
            return hit == null || hit.currentAtHit() == 0
                    ? "unknown"
                    : "while " + state.guest().probeName(hit.currentAtHit()) + " was current";
        }
        String who = state.guest().probeName(outer.probe());
        String by = interruption(hit, outer, cpu);
        int handler = handler(cpu.depth() - 1, cpu);
        if (handler >= 0 && cpu.callDepth(handler) > outer.baseDepth()) {
            return by + "in " + who + "'s " + name(cpu.callRole(handler));
        }
        return outer.outcome() == Outcome.STEPPING && cpu.depth() - 1 <= outer.baseDepth() + (by.isEmpty() ? 0 : 1)
                ? by + "during " + who + "'s step"
                : by + "in kprobes' own code for " + who;
    }

    private static @Nullable Life below(Life hit, CpuState cpu) {
        Life below = null;
        for (int i = 0; i < cpu.lives() && cpu.life(i) != hit; i++) {
            below = cpu.life(i);
        }
        return below;
    }

    /** What came between the two hits from outside: "NMI ", "interrupt " or nothing. */
    private static String interruption(Life hit, Life outer, CpuState cpu) {
        for (int level = hit.baseDepth() - 1; level >= outer.baseDepth() && level >= 0; level--) {
            Frame frame = cpu.frame(level);
            if (frame.vector() == TrapVector.NMI || frame.external()) {
                return frame.vector() == TrapVector.NMI ? "NMI " : "interrupt ";
            }
        }
        return "";
    }

    /** Level of the innermost user handler that was called in so few frames, or -1. */
    private static int handler(int depth, CpuState cpu) {
        for (int level = cpu.calls() - 1; level >= 0; level--) {
            if (cpu.callDepth(level) <= depth && cpu.callRole(level).isUserHandler()) {
                return level;
            }
        }
        return -1;
    }

    private static String word(int depth, CpuState cpu) {
        int level = handler(depth, cpu);
        return level < 0 ? "handler" : name(cpu.callRole(level));
    }

    private static String name(Role role) {
        return role.generic().substring(0, role.generic().length() - 1);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        reasons.forEach((probe, counts) -> {
            int total = counts.values().stream().mapToInt(Integer::intValue).sum();
            List<String> parts = counts.entrySet().stream()
                    .sorted(Comparator.comparing((Map.Entry<String, Integer> c) -> -c.getValue()))
                    .map(c -> c.getKey() + " (" + c.getValue() + ")")
                    .toList();
            lines.add(probe + " missed " + total + ": " + String.join(", ", parts));
        });
        return lines;
    }
}
