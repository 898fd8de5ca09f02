package trapline.commands;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.Ink;
import trapline.cli.Json;
import trapline.cli.Words;
import trapline.events.Event;
import trapline.text.EventText;
import trapline.verdicts.JournalVerdicts;

/** The keys of {@code replay}: each moves to an event and prints the state there. */
final class ReplaySession {

    static final String HELP = """
            n b  next, previous event    h H  hit    t T  trap    v V  violation
            /TEXT ?TEXT  search a symbol or text onwards, back    g STEP  go to a step
            s  state again    Enter  repeats the last key    q  quit""";

    private final Opened opened;
    private final PrintStream out;
    private final PrintStream err;
    private final Ink ink;
    private final int columns;
    private final boolean json;
    private final int cpu;
    private final EventText text;
    private final ReplayCursor cursor;
    private @Nullable NavigableMap<Long, List<Finding>> violations;
    private int wrongKeys;
    private String repeated = "n";

    /**
     * Begins before the first event.
     *
     * @param cpu the CPU whose events count, or -1 for all
     */
    ReplaySession(Opened opened, Console console, boolean json, int cpu) {
        this.opened = opened;
        this.out = console.out();
        this.err = console.err();
        this.ink = new Ink(console);
        this.columns = console.columns();
        this.json = json;
        this.cpu = cpu;
        this.text = new EventText(opened.tables(), console.columns());
        this.cursor = new ReplayCursor(opened, cpu);
    }

    /** Prints the state at the last event up to a step; false where there is none. */
    boolean at(long step) throws IOException {
        long ordinal = cursor.atStep(step);
        if (ordinal >= 0) {
            cursor.go(ordinal);
            print();
        }
        return ordinal >= 0;
    }

    /** Prints the states of a range of steps. */
    void range(long fromStep, long toStep) throws IOException {
        cursor.walk(fromStep, toStep, this::print);
    }

    /** Obeys one command; false to end. */
    boolean command(String line) throws IOException {
        String word = line.strip().isEmpty() ? repeated : line.strip();
        String rest = word.substring(1).strip();
        String key = word.substring(0, 1);
        if (key.equals("q")) {
            return false;
        }
        String wrong = wrong(word, key, rest);
        if (!wrong.isEmpty()) {
            wrongKeys++;
            err.println(wrong);
            return true;
        }
        repeated = key.equals("g") || key.equals("s") ? repeated : word;
        long target = target(key, rest);
        if (target >= 0) {
            cursor.go(target);
            print();
            if (key.equalsIgnoreCase("v") && !json) {
                violations().getOrDefault(target, List.of()).forEach(this::print);
            }
        } else {
            err.println(none(key, rest));
        }
        out.flush();
        return true;
    }

    /** How many of the keys were none, or lacked something. */
    int wrongKeys() {
        return wrongKeys;
    }

    private static String wrong(String word, String key, String rest) {
        if (!"nbhHtTvV/?gs".contains(key) || (!"/?g".contains(key) && !rest.isEmpty())) {
            return "there is no key '" + word + "'; the keys are\n" + HELP;
        }
        if (key.equals("g") && number(rest) < 0) {
            return "g needs a step, such as g 1000";
        }
        boolean nothing = "/?".contains(key) && rest.isEmpty();
        return nothing ? key + " needs a text to search, such as " + key + "kprobe_handler" : "";
    }

    private long target(String key, String rest) throws IOException {
        long now = cursor.ordinal();
        return switch (key) {
            case "n" -> cursor.find(true, e -> true);
            case "b" -> cursor.find(false, e -> true);
            case "h" -> cursor.timeline().hits().after(now);
            case "H" -> cursor.timeline().hits().before(now);
            case "t" -> cursor.timeline().traps().after(now);
            case "T" -> cursor.timeline().traps().before(now);
            case "v" -> orNone(violations().higherKey(now));
            case "V" -> orNone(violations().lowerKey(now));
            case "/" -> cursor.find(true, e -> mentions(e, rest));
            case "?" -> cursor.find(false, e -> mentions(e, rest));
            case "g" -> cursor.atStep(number(rest));
            default -> now;
        };
    }

    private static String none(String key, String rest) {
        boolean forwards = "nhtv/".contains(key);
        String what = switch (key.toLowerCase(Locale.ROOT)) {
            case "h" -> "hit";
            case "t" -> "trap";
            case "v" -> "violation";
            case "/", "?" -> "event with '" + rest + "'";
            default -> "event";
        };
        return "there is no " + what + (forwards ? " behind this one" : " before this one");
    }

    private boolean mentions(Event e, String wanted) {
        return text.line(e).contains(wanted)
                || opened.tables().symbols().describe(e.ip()).contains(wanted);
    }

    /** By the ordinals of their events. */
    private NavigableMap<Long, List<Finding>> violations() throws IOException {
        NavigableMap<Long, List<Finding>> found = violations;
        if (found == null) {
            found = new TreeMap<>();
            for (CheckResult result :
                    JournalVerdicts.of(opened.journal(), Checks::all, 1).results()) {
                for (Finding finding : result.findings()) {
                    if (cpu < 0 || finding.event().cpu() == cpu) {
                        found.computeIfAbsent(finding.event().ordinal(), ordinal -> new ArrayList<>())
                                .add(finding);
                    }
                }
            }
            violations = found;
        }
        return found;
    }

    private static long orNone(@Nullable Long ordinal) {
        return ordinal == null ? -1 : ordinal;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void print() {
        Event now = cursor.event();
        if (now != null) {
            print(now);
        }
    }

    private void print(Finding finding) {
        out.println("FAIL    " + finding.check() + (finding.probe().equals("none") ? "" : " for " + finding.probe()));
        Words.wrap(finding.sentence(), columns, "        ").forEach(out::println);
        out.println();
    }

    private void print(Event now) {
        out.println(
                json
                        ? Json.line(StateJson.of(now, cursor.state(), text, cpu))
                        : StateText.of(
                                now, cursor.state(), text, opened.journal().events(), cpu, ink));
    }
}
