package trapline.explore;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import trapline.schedule.SchedulePlan;

/**
 * Schedules drawn at random, for what is too large to be searched: how many of them go wrong, and the first seed that does.
 *
 * @param strategy label of the schedule's kind
 * @param seed the first one; the others follow it
 * @param runs how many
 * @param wrong how many of them go wrong
 * @param firstSeed the first that does; -1 if none does
 * @param check what it makes fail; empty if none does
 * @param sentence what goes wrong there; empty if nothing
 */
public record Sampling(String strategy, long seed, int runs, int wrong, long firstSeed, String check, String sentence) {

    /** One run. */
    private record Sample(long seed, List<Outcome.Failure> wrong) {}

    /**
     * Draws them, in as many threads as the common pool has; the result does not depend on that.
     *
     * @param plan with the first seed
     * @param base the run that the others are measured by
     * @param run gives the outcome of the run under a plan
     */
    public static Sampling of(SchedulePlan plan, int runs, Outcome base, Function<SchedulePlan, Outcome> run) {
        List<Sample> wrong = LongStream.range(plan.seed(), plan.seed() + runs)
                .parallel()
                .mapToObj(
                        seed -> new Sample(seed, run.apply(plan.withSeed(seed)).worseThan(base)))
                .filter(sample -> !sample.wrong().isEmpty())
                .toList();
        String label = plan.kind().label();
        if (wrong.isEmpty()) {
            return new Sampling(label, plan.seed(), runs, 0, -1, "", "");
        }
        Sample first = wrong.get(0);
        Outcome.Failure failure = first.wrong().get(0);
        return new Sampling(label, plan.seed(), runs, wrong.size(), first.seed(), failure.check(), failure.sentence());
    }

    /** A line about it. */
    public String line() {
        String head = strategy + ", seeds " + seed + " to " + (seed + runs - 1) + ": ";
        return wrong == 0
                ? head + "none goes wrong"
                : head + wrong + " of " + runs + " go wrong, first with seed " + firstSeed + ": " + check + ": "
                        + sentence;
    }
}
