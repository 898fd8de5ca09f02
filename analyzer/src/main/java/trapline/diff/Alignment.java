package trapline.diff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Aligns two sequences of moments that are equal for long stretches. Where they part it looks for the nearest place,
 * counted in moments of both, from which {@value #MATCH} moments in a row are equal again.
 */
final class Alignment {

    /** Moments that must agree before the runs count as together again. */
    static final int MATCH = 4;

    /** How far ahead in each run a place to meet again is looked for. */
    static final int WINDOW = 1 << 14;

    private final Moments a;
    private final Moments b;

    private Alignment(Moments a, Moments b) {
        this.a = a;
        this.b = b;
    }

    /** The stretches where the two differ, in order; empty if they are equal. */
    static List<Hunk> differences(Moments a, Moments b) {
        return new Alignment(a, b).hunks();
    }

    private List<Hunk> hunks() {
        List<Hunk> hunks = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.meaning(i) == b.meaning(j)) {
                i++;
                j++;
                continue;
            }
            Hunk hunk = nextMeeting(i, j);
            hunks.add(hunk);
            i = hunk.aEnd();
            j = hunk.bEnd();
        }
        return hunks;
    }

    private Hunk nextMeeting(int i, int j) {
        int aLimit = Math.min(a.size(), i + WINDOW);
        int bLimit = Math.min(b.size(), j + WINDOW);
        Map<Long, Integer> firstInB = new HashMap<>();
        for (int y = bLimit - 1; y >= j; y--) {
            firstInB.put(run(b, y), y);
        }
        int best = Integer.MAX_VALUE;
        Hunk found = new Hunk(i, a.size(), j, b.size());
        for (int x = i; x < aLimit && x - i < best; x++) {
            Integer y = firstInB.get(run(a, x));
            if (y != null && x - i + y - j < best && agree(x, y)) {
                best = x - i + y - j;
                found = new Hunk(i, x, j, y);
            }
        }
        return found;
    }

    /** A hash of the moments from an index on; past the end each counts as the same end. */
    private static long run(Moments moments, int from) {
        long hash = 0;
        for (int k = 0; k < MATCH; k++) {
            hash = hash * 0x9e3779b97f4a7c15L + at(moments, from + k);
        }
        return hash;
    }

    private boolean agree(int x, int y) {
        for (int k = 0; k < MATCH; k++) {
            if (at(a, x + k) != at(b, y + k)) {
                return false;
            }
        }
        return true;
    }

    private static int at(Moments moments, int index) {
        return index < moments.size() ? moments.meaning(index) : -1;
    }
}
