package trapline.schedule;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trapline.machine.Scheduler;

/**
 * How the CPUs are interleaved.
 *
 * @param kind the policy
 * @param quantum steps that a CPU may run at a stretch: exactly (round-robin), on average (random), at most before it
 *     has to let the others go first (pct); exactly, once all switch points are done (explicit)
 * @param seed for random and pct
 * @param changes pct: number of points at which the running CPU loses its priority
 * @param length pct: the change points lie in the first {@code length} steps
 */
public record SchedulePlan(Kind kind, long quantum, long seed, int changes, long length) {

    /** One CPU after the other, 1000 steps each. */
    public static final SchedulePlan DEFAULT = new SchedulePlan(Kind.ROUND_ROBIN, 1000, 0, 0, 1);

    /** The policies. */
    public enum Kind {
        /** In turn, a fixed quantum each. */
        ROUND_ROBIN,
        /** A CPU and a quantum drawn at random. */
        RANDOM,
        /** Random priorities with a few random change points. */
        PCT,
        /** The first CPU runs until a switch point, or a halt, says otherwise; after the last one, in turn. */
        EXPLICIT,
        /**
         * The first CPU runs until it waits (PAUSE, as every loop of a kernel that spins for another CPU has it), halts, or a
         * switch point says otherwise; then the next one.
         */
        UNTIL_WAITING;

        /** As in scenario files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The kind of a label, or null. */
        public static @Nullable Kind ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(k -> k.label().equals(label))
                    .findFirst()
                    .orElse(null);
        }

        /** All labels, for messages. */
        public static String labels() {
            return Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
        }
    }

    /** The same plan with another seed. */
    public SchedulePlan withSeed(long newSeed) {
        return new SchedulePlan(kind, quantum, newSeed, changes, length);
    }

    /**
     * Makes the scheduler.
     *
     * @param cpus number of CPUs
     * @param switches number of switch points
     */
    SwitchableScheduler scheduler(int cpus, int switches) {
        Scheduler policy = switch (kind) {
            case ROUND_ROBIN -> Scheduler.roundRobin(quantum);
            case RANDOM -> new RandomScheduler(quantum, seed);
            case PCT -> new PctScheduler(cpus, quantum, seed, changes, length);
            case EXPLICIT -> new StayScheduler(quantum, switches);
            case UNTIL_WAITING -> new StayScheduler(quantum, Integer.MAX_VALUE);
        };
        return new SwitchableScheduler(policy);
    }
}
