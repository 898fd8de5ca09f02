package trapline.machine;

/**
 * Decides which CPU runs. The machine asks when the quantum is used up, when the running CPU halts, and at the start.
 * A scheduler must be deterministic: its answers may depend on the machine's state and its own seed only.
 */
public interface Scheduler {

    /** The CPU that shall run next. If it cannot run (halted, not started) the next runnable one does. */
    int next(Machine machine);

    /** How many steps the chosen CPU may run before {@link #next} is asked again; at least 1. */
    long quantumSteps();

    /** What it remembers, for {@link #restore}; the same length every time. */
    long[] save();

    /** Goes back to what a scheduler made in the same way remembered. */
    void restore(long[] saved);

    /** Whether what {@link #next} said last was somebody's order, not a policy. */
    default boolean isOrdered() {
        return false;
    }

    /** CPUs in turn, {@code quantumSteps} instructions each. */
    static Scheduler roundRobin(long quantumSteps) {
        return new RoundRobin(quantumSteps);
    }
}
