package trapline.machine.bus;

/** The clock that CPUs drive. */
public class Clock {
    /**
     * Instructions retired by all CPUs, but for those of the strip that is running ({@code ObservedCpu.index}). CPUs count
     * here.
     */
    public long step;

    /** A clock at 0. */
    public Clock() {}
}
