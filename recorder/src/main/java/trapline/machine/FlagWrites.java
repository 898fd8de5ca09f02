package trapline.machine;

/**
 * The instructions of one decoded block that write the status flags every time they are executed. It never
 * changes, so that another thread may read it.
 */
public final class FlagWrites {
    private final int cpu;
    private final int[] all;
    private final int[] indices;
    private final int[] eips;

    FlagWrites(int cpu, Instruction[] code) {
        int count = 0;
        for (Instruction instruction : code) {
            count += instruction.writesStatus ? 1 : 0;
        }
        this.cpu = cpu;
        all = new int[code.length];
        indices = new int[count];
        eips = new int[count];
        int k = 0;
        for (int i = 0; i < code.length; i++) {
            all[i] = code[i].eip;
            if (code[i].writesStatus) {
                indices[k] = i;
                eips[k++] = code[i].eip;
            }
        }
    }

    /** EIP of the block's instruction with an index, whether it writes or not. */
    int eip(int index) {
        return all[index];
    }

    /** Number of instructions of the block. */
    public int length() {
        return all.length;
    }

    /** Number of the CPU that the block belongs to. */
    public int cpu() {
        return cpu;
    }

    /** The places of the writing instructions within their block, ascending from 0; not to be changed. */
    public int[] indices() {
        return indices;
    }

    /** EIP of each writing instruction; not to be changed. */
    public int[] eips() {
        return eips;
    }
}
