package trapline.machine.bus;

import java.util.HashSet;
import java.util.Set;

/** What makes a CPU come back to whoever runs it: requests, addresses, and the limit of repeated string instructions. */
public final class Stops {

    /** Somebody, perhaps on another thread, wants the run to stop at the next boundary. */
    public volatile boolean requested;

    /** The executor shall come back: an alarm was set before the end of what it was told to run. */
    public boolean leaving;

    /** A CPU stands before an address given to {@link #add}. */
    public boolean reached;

    /** Iterations of repeated string instructions that were not their instruction's last. */
    public long repeats;

    /** How many of them may be done. */
    public long repeatsMax = Long.MAX_VALUE;

    private final Set<Integer> addresses = new HashSet<>();

    /** No stops. */
    public Stops() {}

    /** Stops before the instruction at {@code eip}. */
    public void add(int eip) {
        addresses.add(eip);
    }

    /** Undoes {@link #add}. */
    public void remove(int eip) {
        addresses.remove(eip);
    }

    /** Whether to stop before the instruction at {@code eip}. */
    public boolean isAt(int eip) {
        return !addresses.isEmpty() && addresses.contains(eip);
    }

    /** Whether the limit of iterations is reached. */
    public boolean repeatsAreSpent() {
        return repeats >= repeatsMax;
    }
}
