package trapline.machine;

/** CPUs in turn with a fixed quantum. */
record RoundRobin(long quantumSteps) implements Scheduler {

    RoundRobin {
        if (quantumSteps < 1) {
            throw new IllegalArgumentException("quantum must be at least 1 step, is " + quantumSteps);
        }
    }

    @Override
    public int next(Machine machine) {
        int from = machine.runningCpu();
        int count = machine.cpuCount();
        for (int i = 1; i <= count; i++) {
            int candidate = (from + i) % count;
            if (machine.isRunnable(candidate)) {
                return candidate;
            }
        }
        return Math.max(from, 0);
    }

    @Override
    public long[] save() {
        return new long[0];
    }

    @Override
    public void restore(long[] saved) {
        // It goes by the machine alone.
    }
}
