package trapline.checks.monitor;

import java.util.Map;
import java.util.Set;

/**
 * A deterministic automaton.
 *
 * @param states all states
 * @param initial where it begins
 * @param finals states marked as final, which no verdict depends on
 * @param transitions for each state what each event leads to; an event of the alphabet without one is not allowed there
 * @param alphabet all events it knows; others do not concern it
 */
record Automaton(
        Set<String> states,
        String initial,
        Set<String> finals,
        Map<String, Map<String, String>> transitions,
        Set<String> alphabet) {}
