package trapline.checks.monitor;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import trapline.checks.CheckInfo;
import trapline.checks.RepeatableCheck;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.ReplayState;

/**
 * A claim that a user brings along: an automaton in the DOT dialect of the kernel's Runtime Verification. As there, an
 * event of its alphabet that is not possible in the present state is a violation, after which the monitor waits in its
 * initial state for an event that is possible there.
 */
public final class MonitorCheck extends RepeatableCheck {

    private final Automaton automaton;
    private final String name;
    private final boolean global;
    private String[] states = {};
    private boolean[] waiting = {};
    private long[] lastOrdinals = {};

    private MonitorCheck(Automaton automaton, String name, boolean global) {
        super(new CheckInfo(
                (global ? "MONITOR-GLOBAL-" : "MONITOR-")
                        + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "-"),
                "monitor",
                "The automaton " + name + " can follow all events of its alphabet.",
                "a monitor, one " + (global ? "for all CPUs" : "for each CPU"),
                Set.of(),
                Set.of(),
                List.of()));
        this.automaton = automaton;
        this.name = name;
        this.global = global;
    }

    /** A monitor that has been read and can be made again and again. */
    @FunctionalInterface
    public interface Maker {
        /** A fresh monitor. */
        MonitorCheck make();
    }

    /**
     * Reads a monitor.
     *
     * @param text the DOT text
     * @param file name of the file, for messages; without its extension it names the monitor
     * @param global whether one automaton follows all CPUs, not one each
     * @throws IllegalArgumentException one line: {@code file:line:column: what is wrong}
     */
    public static Maker parse(String text, String file, boolean global) {
        Automaton automaton = DotParser.parse(text, file);
        String base = file.substring(file.lastIndexOf('/') + 1);
        String name = base.endsWith(".dot") ? base.substring(0, base.length() - 4) : base;
        return () -> new MonitorCheck(automaton, name, global);
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.complementOf(EnumSet.of(EventKind.LOST, EventKind.HALT, EventKind.SWITCH, EventKind.INJECT));
    }

    @Override
    public void accept(Event e, ReplayState state) {
        MonitorLabels.of(e, state, label -> step(label, e, state));
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.STEPPING) {
            step("step_begin", e, state);
        }
    }

    private void step(String label, Event e, ReplayState state) {
        if (!automaton.alphabet().contains(label)) {
            return;
        }
        if (states.length == 0) {
            states = new String[state.cpus()];
            Arrays.fill(states, automaton.initial());
            waiting = new boolean[state.cpus()];
            lastOrdinals = new long[state.cpus()];
            Arrays.fill(lastOrdinals, -1);
        }
        int at = global ? 0 : e.cpu();
        String from = states[at];
        String to = automaton.transitions().getOrDefault(from, Map.of()).get(label);
        if (to != null) {
            exercised();
            states[at] = to;
            waiting[at] = false;
        } else if (!waiting[at]) {
            exercised();
            violated(
                    e,
                    state,
                    state.guest().probeName(state.cpu(e.cpu()).current()),
                    "automaton " + name + ": event " + label + " is not possible in state " + from,
                    cause(lastOrdinals[at], "the event that led to state " + from));
            states[at] = automaton.initial();
            waiting[at] = true;
        }
        lastOrdinals[at] = e.ordinal();
    }

    @Override
    public void lost(Event event, ReplayState state) {
        Arrays.fill(states, automaton.initial());
        Arrays.fill(waiting, true);
    }

    @Override
    public Object memory() {
        return List.of(states);
    }

    @Override
    public void recall(Object memory) {
        states = ((List<?>) memory).toArray(String[]::new);
        waiting = new boolean[states.length];
        lastOrdinals = new long[states.length];
        Arrays.fill(lastOrdinals, -1);
    }
}
