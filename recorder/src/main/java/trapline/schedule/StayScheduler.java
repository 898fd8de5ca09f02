package trapline.schedule;

import trapline.machine.Machine;
import trapline.machine.Scheduler;

/**
 * The running CPU goes on until a switch point says otherwise; once all switch points are done, the CPUs run in turn.
 *
 * <p>A switch point may never come: another flow need not pass that place. CPUs that spin for each other would then do so
 * for ever, so a CPU that ran many quanta at a stretch lets the next one go.
 */
final class StayScheduler implements Scheduler {

    private static final int PATIENCE_QUANTA = 100;

    private final Scheduler inTurn;
    private int switchesLeft;

    /**
     * Makes one.
     *
     * @param quantum steps of a turn
     * @param switches number of switch points to come
     */
    StayScheduler(long quantum, int switches) {
        this.inTurn = Scheduler.roundRobin(quantum);
        this.switchesLeft = switches;
    }

    /** One of the switch points is done. */
    void switched() {
        switchesLeft--;
    }

    @Override
    public int next(Machine machine) {
        return inTurn.next(machine);
    }

    @Override
    public long quantumSteps() {
        return inTurn.quantumSteps() * (switchesLeft > 0 ? PATIENCE_QUANTA : 1);
    }

    @Override
    public long[] save() {
        return new long[] {switchesLeft};
    }

    @Override
    public void restore(long[] saved) {
        switchesLeft = (int) saved[0];
    }
}
