package trapline.machine.bus;

/** The clock that CPUs drive. */
public class Clock {
    /**
     * Instructions retired by all CPUs, but for those of the strip that is running ({@code ObservedCpu.index}). CPUs count
     * here.
     */
    public long step;

    /** What passed while every CPU was halted, in instructions that could have retired. */
    protected long skipped;

    /** A clock at 0. */
    public Clock() {}

    /** What passed while every CPU was halted. */
    public final long skipped() {
        return skipped;
    }
}
