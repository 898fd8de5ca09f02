package trapline.schedule;

import trapline.machine.Machine;
import trapline.machine.Scheduler;

/** A policy that a switch point can overrule: the next decision is then the ordered one. */
final class SwitchableScheduler implements Scheduler {

    private static final int NONE = -1;

    private final Scheduler policy;
    private int ordered = NONE;
    private boolean isOrdered;

    SwitchableScheduler(Scheduler policy) {
        this.policy = policy;
    }

    /** Orders the next decision, which the machine is to ask for at once. */
    void order(Machine machine, int cpu) {
        ordered = cpu;
        isOrdered = true;
        if (policy instanceof StayScheduler stay) {
            stay.switched();
        }
        machine.reschedule();
    }

    /** The order has been obeyed: what comes is the policy's again. */
    void obeyed() {
        isOrdered = false;
    }

    @Override
    public boolean isOrdered() {
        return isOrdered;
    }

    @Override
    public int next(Machine machine) {
        int cpu = ordered;
        ordered = NONE;
        return cpu == NONE ? policy.next(machine) : cpu;
    }

    @Override
    public long quantumSteps() {
        return policy.quantumSteps();
    }
}
