package trapline.schedule;

import java.util.Arrays;
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

    @Override
    public long[] save() {
        long[] inner = policy.save();
        long[] saved = Arrays.copyOf(inner, inner.length + 2);
        saved[inner.length] = ordered;
        saved[inner.length + 1] = isOrdered ? 1 : 0;
        return saved;
    }

    @Override
    public void restore(long[] saved) {
        ordered = (int) saved[saved.length - 2];
        isOrdered = saved[saved.length - 1] != 0;
        policy.restore(Arrays.copyOf(saved, saved.length - 2));
    }
}
