package trapline.schedule;

import trapline.machine.Machine;
import trapline.machine.Scheduler;

/**
 * A policy that a switch point can overrule, and whose quanta survive pauses of the run: a run that is interrupted to
 * inject something is scheduled as if it had not been.
 */
final class SwitchableScheduler implements Scheduler {

    private static final int NONE = -1;

    private final Scheduler policy;
    private int ordered = NONE;
    private long grantEnd;
    private long remaining = 1;

    SwitchableScheduler(Scheduler policy) {
        this.policy = policy;
    }

    /** The next decision is this CPU. */
    void order(int cpu) {
        ordered = cpu;
        grantEnd = 0;
    }

    @Override
    public int next(Machine machine) {
        int running = machine.runningCpu();
        if (ordered == NONE && running >= 0 && machine.step() < grantEnd && machine.isRunnable(running)) {
            remaining = grantEnd - machine.step();
            return running;
        }
        int cpu = ordered == NONE ? policy.next(machine) : ordered;
        ordered = NONE;
        remaining = policy.quantumSteps();
        long end = machine.step() + remaining;
        grantEnd = end < 0 ? Long.MAX_VALUE : end;
        return cpu;
    }

    @Override
    public long quantumSteps() {
        return remaining;
    }
}
