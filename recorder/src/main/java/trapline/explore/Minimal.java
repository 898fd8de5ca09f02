package trapline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import trapline.schedule.Point;

/**
 * A run that goes wrong in some way, with nothing in it that could be left out: each point that is removed by itself gives a
 * run that does not go wrong in that way.
 *
 * @param points what is left, in order
 * @param outcome of the run with them
 * @param removals runs that were tried with one of these points removed; none of them goes wrong so
 */
public record Minimal(List<Point> points, Outcome outcome, int removals) {

    /**
     * Leaves out points as long as the run goes wrong in the same way, the first that can go first.
     *
     * @param points of a run that goes wrong
     * @param check the id of what goes wrong
     * @param run gives the outcome of the run with some points
     * @throws IllegalStateException if the run with all points does not go wrong: then it cannot be reproduced
     */
    public static Minimal of(List<Point> points, String check, Function<List<Point>, Outcome> run) {
        Outcome outcome = run.apply(points);
        if (!fails(outcome, check)) {
            throw new IllegalStateException(
                    "the run that was found does not show " + check + " when it is run by itself");
        }
        List<Point> left = new ArrayList<>(points);
        int passed = 0;
        int at = 0;
        while (passed < left.size()) {
            List<Point> fewer = new ArrayList<>(left);
            fewer.remove(at % left.size());
            Outcome without = run.apply(fewer);
            if (fails(without, check)) {
                left = fewer;
                outcome = without;
                passed = 0;
                at = 0;
            } else {
                passed++;
                at++;
            }
        }
        return new Minimal(List.copyOf(left), outcome, passed);
    }

    private static boolean fails(Outcome outcome, String check) {
        return outcome.wrong().stream().anyMatch(failure -> failure.check().equals(check));
    }
}
