package trapline.review;

import java.util.ArrayList;
import java.util.List;
import trapline.explore.LineDiff;

/** The change between two handlers, to be quoted around a line. */
final class Hunks {

    private static final int CONTEXT = 2;
    private static final int LINES_MAX = 6;
    private static final String GAP = "> [...]";

    private final List<String> before;
    private final List<String> after;
    private final List<LineDiff.Pair> pairs;

    Hunks(String before, String after) {
        this.before = before.lines().toList();
        this.after = after.lines().toList();
        pairs = before.isEmpty() || after.isEmpty() ? List.of() : LineDiff.of(this.before, this.after);
    }

    /** Changed lines. */
    long changed() {
        return pairs.stream().filter(pair -> pair.mark() != ' ').count();
    }

    /**
     * A quotation of what the patch changes nearest to a line: with two lines of context before it, and not much.
     *
     * @param number of the line in the new file, from 1
     * @return empty if there is nothing to quote
     */
    List<String> around(int number) {
        int at = 0;
        while (at < pairs.size() && pairs.get(at).newNumber() != number) {
            at++;
        }
        int changed = at == pairs.size() ? -1 : nearestChange(at);
        if (number == 0 || changed < 0) {
            return List.of();
        }
        // The line itself is shown where it is near enough.
        int from = Math.max(0, Math.abs(at - changed) <= CONTEXT ? Math.min(at, changed) - CONTEXT : changed - CONTEXT);
        int end = Math.min(pairs.size(), from + LINES_MAX);
        List<String> quoted = new ArrayList<>(List.of(GAP));
        for (LineDiff.Pair pair : pairs.subList(from, end)) {
            quoted.add(line(pair));
        }
        quoted.add(GAP);
        return quoted;
    }

    private int nearestChange(int at) {
        for (int distance = 0; distance < pairs.size(); distance++) {
            for (int candidate : new int[] {at - distance, at + distance}) {
                if (candidate >= 0
                        && candidate < pairs.size()
                        && pairs.get(candidate).mark() != ' ') {
                    return candidate;
                }
            }
        }
        return -1;
    }

    private String line(LineDiff.Pair pair) {
        String text = pair.newNumber() > 0 ? after.get(pair.newNumber() - 1) : before.get(pair.oldNumber() - 1);
        return ("> " + pair.mark() + text).stripTrailing();
    }
}
