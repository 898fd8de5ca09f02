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
    private final Way way;
    private String[] states = {};
    private boolean[] waiting = {};
    private long[] lastOrdinals = {};

    /**
     * How an automaton is used.
     *
     * @param global whether one follows all CPUs, not one each
     * @param ends whether a run that ends in a state that is not final is a violation
     * @param binding what its events are called in a journal
     */
    public record Way(boolean global, boolean ends, MonitorBinding binding) {

        /** One for each CPU, or one for all; a run may end anywhere. */
        public static Way of(boolean global) {
            return new Way(global, false, MonitorBinding.NONE);
        }
    }

    private MonitorCheck(Automaton automaton, String name, Way way) {
        super(new CheckInfo(
                (way.global() ? "MONITOR-GLOBAL-" : "MONITOR-")
                        + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "-"),
                "monitor",
                "The automaton " + name + " can follow all events of its alphabet"
                        + (way.ends() ? ", and the run ends in a final state." : "."),
                "a monitor, one " + (way.global() ? "for all CPUs" : "for each CPU"),
                Set.of(),
                Set.of(),
                List.of()));
        this.automaton = automaton;
        this.name = name;
        this.way = way;
    }

    /** A monitor that has been read and can be made again and again. */
    @FunctionalInterface
    public interface Maker {
        /** A fresh monitor. */
        MonitorCheck make();
    }

    /** As {@link #parse(String, String, Way)}, where a run may end anywhere and events are called as they are. */
    public static Maker parse(String text, String file, boolean global) {
        return parse(text, file, Way.of(global));
    }

    /**
     * Reads a monitor.
     *
     * @param text the DOT text
     * @param file name of the file, for messages; without its extension it names the monitor
     * @param way how it is used
     * @throws IllegalArgumentException one line: {@code file:line:column: what is wrong}
     */
    public static Maker parse(String text, String file, Way way) {
        Automaton automaton = DotParser.parse(text, file);
        String base = file.substring(file.lastIndexOf('/') + 1);
        String name = base.endsWith(".dot") ? base.substring(0, base.length() - 4) : base;
        return () -> new MonitorCheck(automaton, name, way);
    }

    @Override
    public Set<EventKind> kinds() {
        return EnumSet.complementOf(EnumSet.of(EventKind.LOST, EventKind.SWITCH, EventKind.INJECT));
    }

    @Override
    public void accept(Event e, ReplayState state) {
        if (e.kind() == EventKind.HALT) {
            ended(e, state);
            return;
        }
        MonitorLabels.of(e, state, label -> step(label, e, state));
    }

    @Override
    public void left(Life life, Event e, ReplayState state) {
        if (life.outcome() == Outcome.STEPPING) {
            step("step_begin", e, state);
        }
    }

    /** Events of its alphabet that no journal has, so that nothing follows from them. */
    public List<String> unknownEvents() {
        return automaton.alphabet().stream()
                .filter(event -> !way.binding().canOccur(event))
                .sorted()
                .toList();
    }

    private void ended(Event e, ReplayState state) {
        for (int at = 0; way.ends() && at < (way.global() ? Math.min(1, states.length) : states.length); at++) {
            if (waiting[at]) {
                continue; // where it would be is not known
            }
            exercised();
            if (!automaton.finals().contains(states[at])) {
                violated(
                        e,
                        state,
                        "none",
                        "automaton " + name + ": the run ends in state " + states[at]
                                + (way.global() ? "" : " of CPU " + at) + ", which is not final",
                        cause(lastOrdinals[at], "the event that led to state " + states[at]));
            }
        }
    }

    private void step(String label, Event e, ReplayState state) {
        way.binding().of(label).forEach(event -> follow(event, e, state));
    }

    private void follow(String label, Event e, ReplayState state) {
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
        int at = way.global() ? 0 : e.cpu();
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
