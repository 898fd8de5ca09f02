package trapline.schedule;

import trapline.machine.Machine;
import trapline.machine.Scheduler;

/** The running CPU goes on; when it halts, the machine itself takes the next that can run. */
final class StayScheduler implements Scheduler {

    @Override
    public int next(Machine machine) {
        return Math.max(0, machine.runningCpu());
    }

    @Override
    public long quantumSteps() {
        return Long.MAX_VALUE;
    }
}
