package trapline.machine.tape;

/**
 * The instructions of one strip of code that write the status flags every time they are executed. It never
 * changes, so that another thread may read it.
 */
public final class StripSites {
    private final int cpu;
    private final int[] all;
    private final int[] indices;
    private final int[] eips;

    /**
     * Takes the arrays as they are.
     *
     * @param cpu number of the CPU that the strip belongs to
     * @param all EIP of each instruction
     * @param indices see {@link #indices}
     * @param eips see {@link #eips}
     */
    public StripSites(int cpu, int[] all, int[] indices, int[] eips) {
        this.cpu = cpu;
        this.all = all;
        this.indices = indices;
        this.eips = eips;
    }

    /** EIP of the strip's instruction with an index, whether it writes or not. */
    int eip(int index) {
        return all[index];
    }

    /** Number of instructions of the strip. */
    public int length() {
        return all.length;
    }

    /** Number of the CPU that the strip belongs to. */
    public int cpu() {
        return cpu;
    }

    /** The places of the writing instructions within their strip, ascending from 0; not to be changed. */
    public int[] indices() {
        return indices;
    }

    /** EIP of each writing instruction; not to be changed. */
    public int[] eips() {
        return eips;
    }
}
