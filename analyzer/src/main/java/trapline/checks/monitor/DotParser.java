package trapline.checks.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trapline.checks.monitor.DotScanner.Word;

/**
 * Reads the DOT dialect of the kernel's Runtime Verification automata (kernel Documentation/trace/rv): a digraph whose
 * nodes are states, whose edge labels are events (several in one label stand apart by {@code \n}; blanks do not count), where an edge or a
 * node named {@code __init_STATE} marks the initial state, and a double circle or an ellipse a final one.
 */
final class DotParser {

    private static final String INIT = "__init_";
    private static final int DEPTH_MAX = 32;

    private final DotScanner in;
    private final Set<String> states = new LinkedHashSet<>();
    private final Set<String> finals = new LinkedHashSet<>();
    private final Map<String, Map<String, String>> transitions = new HashMap<>();
    private final Map<String, Word> labels = new LinkedHashMap<>();
    private String initial = "";
    private Word initialPlace;
    private Word word;

    private DotParser(String text, String name) {
        in = new DotScanner(text, name);
        word = in.next();
        initialPlace = word;
    }

    /**
     * Reads an automaton.
     *
     * @param text the DOT text
     * @param name of the file, for messages
     * @throws IllegalArgumentException one line: {@code name:line:column: what is wrong}
     */
    static Automaton parse(String text, String name) {
        DotParser parser = new DotParser(text, name);
        return parser.graph();
    }

    private Automaton graph() {
        if (word.is("strict")) {
            take();
        }
        if (!word.is("digraph")) {
            throw in.wrong(word, "an automaton begins with 'digraph'");
        }
        Word begin = take();
        if (!word.is("{")) {
            take();
        }
        expect("{");
        statements("", 0);
        expect("}");
        if (!word.isEnd()) {
            throw in.wrong(word, "'" + word.text() + "' after the end of the digraph");
        }
        if (initial.isEmpty()) {
            throw in.wrong(begin, "no initial state: an edge from \"__init_STATE\" to \"STATE\" marks it");
        }
        if (!states.contains(initial)) {
            throw in.wrong(initialPlace, "'" + initial + "' is no state of the automaton");
        }
        return new Automaton(Set.copyOf(states), initial, Set.copyOf(finals), transitions, labels.keySet());
    }

    private Word take() {
        Word taken = word;
        word = in.next();
        return taken;
    }

    private void expect(String text) {
        if (!word.is(text)) {
            throw in.wrong(word, "'" + text + "' expected" + (word.isEnd() ? ", but the text ends" : ""));
        }
        take();
    }

    private void statements(String inheritedShape, int depth) {
        if (depth > DEPTH_MAX) {
            throw in.wrong(word, "too many braces within each other");
        }
        String shape = inheritedShape;
        while (!word.is("}") && !word.isEnd()) {
            if (word.is(";")) {
                take();
            } else if (word.is("{") || word.is("subgraph")) {
                subgraph(shape, depth);
            } else if (word.is("node") || word.is("edge") || word.is("graph")) {
                boolean node = take().is("node");
                String given = attributes().getOrDefault("shape", shape);
                shape = node ? given : shape;
            } else {
                nodeOrEdge(shape);
            }
        }
    }

    private void subgraph(String shape, int depth) {
        if (word.is("subgraph")) {
            take();
            if (!word.is("{")) {
                take();
            }
        }
        expect("{");
        statements(shape, depth + 1);
        expect("}");
    }

    private void nodeOrEdge(String shape) {
        Word from = name();
        if (word.is("=")) {
            take();
            name();
            skipList();
            return;
        }
        if (!word.is("->")) {
            Map<String, String> given = attributes();
            state(from, given.getOrDefault("shape", shape));
            return;
        }
        List<Word> chain = new ArrayList<>(List.of(from));
        while (word.is("->")) {
            take();
            chain.add(name());
        }
        Word labelPlace = word;
        String label = attributes().getOrDefault("label", "");
        for (int i = 1; i < chain.size(); i++) {
            edge(chain.get(i - 1), chain.get(i), label, labelPlace);
        }
    }

    /** The rest of a value such as {@code size = 7,11}. */
    private void skipList() {
        while (word.is(",")) {
            take();
            name();
        }
    }

    private Word name() {
        boolean punctuation = !word.quoted() && !word.text().matches("[\\w.]+");
        if (word.isEnd() || punctuation) {
            throw in.wrong(
                    word, word.isEnd() ? "the text ends too early" : "a name expected, not '" + word.text() + "'");
        }
        return take();
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        while (word.is("[")) {
            take();
            while (!word.is("]")) {
                Word key = name();
                String value = "true";
                if (word.is("=")) {
                    take();
                    value = name().text();
                }
                attributes.put(key.text(), value);
                while (word.is(",") || word.is(";")) {
                    take();
                }
            }
            take();
        }
        return attributes;
    }

    private void state(Word place, String shape) {
        String name = place.text();
        if (name.startsWith(INIT)) {
            String marked = name.substring(INIT.length());
            if (!initial.isEmpty() && !initial.equals(marked)) {
                throw in.wrong(place, "a second initial state: '" + marked + "' besides '" + initial + "'");
            }
            initial = marked;
            initialPlace = place;
            return;
        }
        states.add(name);
        if (shape.equals("doublecircle") || shape.equals("ellipse")) {
            finals.add(name);
        }
    }

    private void edge(Word from, Word to, String label, Word where) {
        if (from.text().startsWith(INIT)) {
            mark(from, to, label, where);
            return;
        }
        state(from, "");
        state(to, "");
        for (String line : label.replace("\\n", "\n").split("\n", -1)) {
            // As rvgen does: blanks within a label are none of it.
            String event = line.replaceAll("\\s+", "");
            if (event.isEmpty()) {
                throw in.wrong(where, "the edge has no event: [label = \"EVENT\"]");
            }
            refuseHybrid(event, where);
            labels.putIfAbsent(event, where);
            String before = transitions
                    .computeIfAbsent(from.text(), s -> new HashMap<>())
                    .put(event, to.text());
            if (before != null && !before.equals(to.text())) {
                throw in.wrong(
                        from,
                        "not deterministic: '" + event + "' leads from " + from.text() + " to " + before + " and to "
                                + to.text());
            }
        }
    }

    /** Guards, clocks and resets of hybrid automata are not judged: better none of it than half of it. */
    private void refuseHybrid(String event, Word where) {
        if (!event.matches("[\\w.:]+")) {
            String part =
                    event.contains("reset(") ? "a reset" : event.contains(";") ? "a guard" : "no name of an event";
            throw in.wrong(where, "'" + event + "' has " + part + ": hybrid automata are not read, only events");
        }
    }

    /** The edge that points at the initial state. */
    private void mark(Word from, Word to, String label, Word where) {
        state(from, "");
        state(to, "");
        if (!to.text().equals(initial)) {
            throw in.wrong(to, "'" + from.text() + "' marks '" + initial + "', but leads to '" + to.text() + "'");
        }
        if (!label.isBlank()) {
            throw in.wrong(where, "the edge that marks the initial state has no event");
        }
    }
}
