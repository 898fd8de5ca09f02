package trapline.schedule;

import trapline.machine.Machine;
import trapline.machine.Scheduler;

/** A CPU drawn from those that can run, for a quantum drawn from 1 to twice the average less one. */
final class RandomScheduler implements Scheduler {

    private final long quantum;
    private final SplitMix random;

    RandomScheduler(long quantum, long seed) {
        this.quantum = quantum;
        this.random = new SplitMix(seed);
    }

    @Override
    public int next(Machine machine) {
        int runnable = 0;
        for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
            runnable += machine.isRunnable(cpu) ? 1 : 0;
        }
        if (runnable == 0) {
            return Math.max(0, machine.runningCpu());
        }
        long chosen = random.below(runnable);
        for (int cpu = 0; ; cpu++) {
            if (machine.isRunnable(cpu) && chosen-- == 0) {
                return cpu;
            }
        }
    }

    @Override
    public long quantumSteps() {
        return 1 + random.below(2 * quantum - 1);
    }

    @Override
    public long[] save() {
        return new long[] {random.position()};
    }

    @Override
    public void restore(long[] saved) {
        random.goTo(saved[0]);
    }
}
