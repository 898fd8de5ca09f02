package trapline.text;

import java.util.Collection;
import java.util.Comparator;

/** What a user may have meant by a name that nobody knows. */
public final class Nearest {

    /** Two slips of the finger; more is another name. */
    private static final int DISTANCE_MAX = 2;
    /** Longer ones are no slip, and comparing them takes its time. */
    private static final int LENGTH_MAX = 64;

    private Nearest() {}

    /**
     * The end of a complaint about an unknown name.
     *
     * @param name as the user wrote it
     * @param known all that there is, in an order that decides between equals
     * @return such as {@code "; did you mean 'plain-probe'?"}; empty if nothing is near
     */
    public static String hint(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= DISTANCE_MAX)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Edit distance (Levenshtein). */
    private static int distance(String a, String b) {
        if (a.length() > LENGTH_MAX || Math.abs(a.length() - b.length()) > DISTANCE_MAX) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
