package trapline.explore;

import java.util.ArrayList;
import java.util.List;

/** Two texts line by line: the longest lines in common stay, the rest was dropped or is new. */
public final class LineDiff {

    /**
     * A line of either text or of both.
     *
     * @param oldNumber from 1; 0 if it is new
     * @param newNumber from 1; 0 if it was dropped
     */
    public record Pair(int oldNumber, int newNumber) {
        /** {@code '+'}: new; {@code '-'}: dropped; {@code ' '}: in both. */
        public char mark() {
            return oldNumber == 0 ? '+' : newNumber == 0 ? '-' : ' ';
        }
    }

    private LineDiff() {}

    /** All lines of both, dropped ones before the new ones at their place. */
    public static List<Pair> of(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = same(before.get(i), after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && same(before.get(i), after.get(j))) {
                pairs.add(new Pair(++i, ++j));
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                pairs.add(new Pair(++i, 0));
            } else {
                pairs.add(new Pair(0, ++j));
            }
        }
        return pairs;
    }

    /** Moved to the right is not changed. */
    private static boolean same(String a, String b) {
        return a.strip().equals(b.strip());
    }
}
