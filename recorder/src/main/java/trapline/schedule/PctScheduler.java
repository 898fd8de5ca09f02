package trapline.schedule;

import java.util.Arrays;
import trapline.machine.Machine;
import trapline.machine.Scheduler;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with
 * probabilistic guarantees of finding bugs", ASPLOS 2010): every CPU has a random priority, the highest that can run
 * runs, and at each of d random change points the running CPU falls below all others.
 *
 * <p>A kernel's CPUs spin for each other, which strict priorities would turn into an endless loop. So a CPU that ran a
 * whole quantum at a stretch falls below all others too.
 */
final class PctScheduler implements Scheduler {

    /** In what is saved, before the priorities. */
    private static final int SCALARS = 4;

    private final long quantum;
    private final long[] priorities;
    private final long[] changePoints;
    private int nextChange;
    private long lowest;
    private long askedAtStep = -1;
    private long granted = 1;

    PctScheduler(int cpus, long quantum, long seed, int changes, long length) {
        this.quantum = quantum;
        SplitMix random = new SplitMix(seed);
        priorities = new long[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            // A permutation: each CPU is inserted at a random rank among those before it.
            int rank = (int) random.below(cpu + 1L);
            for (int other = 0; other < cpu; other++) {
                priorities[other] += priorities[other] >= rank ? 1 : 0;
            }
            priorities[cpu] = rank;
        }
        changePoints = new long[changes];
        for (int i = 0; i < changes; i++) {
            changePoints[i] = 1 + random.below(length);
        }
        Arrays.sort(changePoints);
    }

    @Override
    public int next(Machine machine) {
        int running = machine.runningCpu();
        boolean changed = false;
        while (nextChange < changePoints.length && changePoints[nextChange] <= machine.step()) {
            nextChange++;
            changed = true;
        }
        boolean usedUp = askedAtStep >= 0 && machine.step() - askedAtStep >= granted;
        if (running >= 0 && (changed || usedUp)) {
            priorities[running] = --lowest;
        }
        askedAtStep = machine.step();
        int best = Math.max(0, running);
        long bestPriority = Long.MIN_VALUE;
        for (int cpu = 0; cpu < priorities.length; cpu++) {
            if (machine.isRunnable(cpu) && priorities[cpu] > bestPriority) {
                best = cpu;
                bestPriority = priorities[cpu];
            }
        }
        return best;
    }

    @Override
    public long quantumSteps() {
        granted = nextChange < changePoints.length
                ? Math.min(quantum, Math.max(1, changePoints[nextChange] - askedAtStep))
                : quantum;
        return granted;
    }

    @Override
    public long[] save() {
        long[] saved =
                Arrays.copyOf(new long[] {nextChange, lowest, askedAtStep, granted}, SCALARS + priorities.length);
        System.arraycopy(priorities, 0, saved, SCALARS, priorities.length);
        return saved;
    }

    @Override
    public void restore(long[] saved) {
        nextChange = (int) saved[0];
        lowest = saved[1];
        askedAtStep = saved[2];
        granted = saved[3];
        System.arraycopy(saved, SCALARS, priorities, 0, priorities.length);
    }
}
