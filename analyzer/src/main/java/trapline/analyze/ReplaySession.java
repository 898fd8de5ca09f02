package trapline.analyze;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Checks;
import trapline.checks.Finding;
import trapline.events.Event;
import trapline.events.EventText;
import trapline.replay.Replay;
import trapline.replay.ReplayState;
import trapline.replay.Timeline;

/**
 * A place in a journal and the state there. Forwards it replays on; backwards it replays from the beginning, which the
 * reader does at tens of millions of events in a second.
 */
final class ReplaySession {

    private final Opened opened;
    private final PrintStream out;
    private final EventText text;
    private final Timeline timeline = new Timeline();
    private final TreeSet<Long> violations = new TreeSet<>();
    private Replay replay;
    private long ordinal = -1;
    private @Nullable Event event;

    ReplaySession(Opened opened, PrintStream out) throws IOException {
        this.opened = opened;
        this.out = out;
        this.text = new EventText(opened.tables());
        CheckRun run = new CheckRun(opened.tables(), Checks.all(), List.of(timeline));
        opened.journal().read(run);
        for (CheckResult result : run.results(opened.journal().closed(), opened.journal()::read)) {
            for (Finding finding : result.findings()) {
                violations.add(finding.event().ordinal());
            }
        }
        replay = new Replay(opened.tables(), List.of());
    }

    /** Moves to an event; false where the stream has none of that number. */
    boolean go(long target) throws IOException {
        if (target < 0 || target >= opened.journal().events()) {
            return false;
        }
        if (target < ordinal) {
            replay = new Replay(opened.tables(), List.of());
            ordinal = -1;
        }
        long from = ordinal;
        Seeker seeker = new Seeker(from, target);
        int first = 0;
        var blocks = opened.journal().blocks();
        while (first < blocks.size() - 1 && blocks.get(first + 1).firstOrdinal() <= from + 1) {
            first++;
        }
        int end = first;
        while (end < blocks.size() && blocks.get(end).firstOrdinal() <= target) {
            end++;
        }
        opened.journal().read(first, end, seeker::accept);
        ordinal = target;
        return true;
    }

    /** Replays the events between two places. */
    private final class Seeker {
        private final long from;
        private final long to;

        Seeker(long from, long to) {
            this.from = from;
            this.to = to;
        }

        void accept(Event e) {
            if (e.ordinal() > from && e.ordinal() <= to) {
                replay.accept(e);
                if (e.ordinal() == to) {
                    event = e.copy();
                }
            }
        }
    }

    /** Moves to the next event; false at the end. */
    boolean next() throws IOException {
        return go(ordinal + 1);
    }

    /** Moves to the last event at or before a step. */
    boolean goStep(long step) throws IOException {
        Event last = new Event().ordinal(-1);
        opened.journal().read(e -> {
            if (e.step() <= step) {
                last.ordinal(e.ordinal());
            }
        });
        return go(last.ordinal());
    }

    /** Searches an event whose line holds a text; false where there is none. */
    boolean search(String wanted, boolean forwards) throws IOException {
        long[] found = {-1};
        opened.journal().read(e -> {
            boolean side = forwards ? e.ordinal() > ordinal && found[0] < 0 : e.ordinal() < ordinal;
            if (side && (text.line(e) + " " + opened.tables().symbols().describe(e.eip())).contains(wanted)) {
                found[0] = e.ordinal();
            }
        });
        return found[0] >= 0 && go(found[0]);
    }

    /** Obeys one command; false to end. */
    boolean command(String line) throws IOException {
        String word = line.strip();
        boolean moved = true;
        switch (word.isEmpty() ? "n" : word.substring(0, 1)) {
            case "q" -> {
                return false;
            }
            case "n" -> moved = go(ordinal + 1);
            case "b" -> moved = go(ordinal - 1);
            case "h" -> moved = go(timeline.hits().after(ordinal));
            case "H" -> moved = go(timeline.hits().before(ordinal));
            case "t" -> moved = go(timeline.traps().after(ordinal));
            case "T" -> moved = go(timeline.traps().before(ordinal));
            case "v" -> moved = go(orNone(violations.higher(ordinal)));
            case "V" -> moved = go(orNone(violations.lower(ordinal)));
            case "/" -> moved = search(word.substring(1), true);
            case "?" -> moved = search(word.substring(1), false);
            case "g" -> moved = goStep(number(word.substring(1).strip()));
            case "s" -> moved = ordinal >= 0;
            default -> {
                out.println(HELP);
                return true;
            }
        }
        if (moved) {
            print();
        } else {
            out.println("there is none");
        }
        out.flush();
        return true;
    }

    static final String HELP =
            "n b  next, previous event     h H  next, previous hit     t T  trap     v V  violation\n"
                    + "/TEXT ?TEXT  search           g STEP  go to a step        s  state              q  quit";

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

    /** The event and the state after it. */
    void print() {
        Event now = event;
        if (now != null) {
            out.println(StateText.of(now, replay.state(), text, opened.journal().events()));
        }
    }

    ReplayState state() {
        return replay.state();
    }
}
