package trapline.machine;

import org.jspecify.annotations.Nullable;

/**
 * The instructions of one decoded block that write EFLAGS every time they are executed. The machine never changes
 * it, so that another thread may read it.
 */
public final class FlagWrites {
    private final int cpu;
    private final int[] all;
    private final int[] indices;
    private final int[] eips;
    private final byte[] causes;
    private final boolean arithmetic;
    private @Nullable Object attachment;

    FlagWrites(int cpu, Instruction[] code) {
        int count = 0;
        for (Instruction instruction : code) {
            count += instruction.flagCause != 0 ? 1 : 0;
        }
        this.cpu = cpu;
        all = new int[code.length];
        indices = new int[count];
        eips = new int[count];
        causes = new byte[count];
        boolean plain = true;
        int k = 0;
        for (int i = 0; i < code.length; i++) {
            all[i] = code[i].eip;
            int cause = code[i].flagCause;
            if (cause != 0) {
                indices[k] = i;
                eips[k] = code[i].eip;
                causes[k++] = (byte) cause;
                plain &= cause == MachineListener.CAUSE_ALU;
            }
        }
        arithmetic = plain;
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

    /** What the reading thread has attached; null before it did. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps something for the reading thread, which alone may call this. */
    public void attach(Object object) {
        attachment = object;
    }

    /** A {@link MachineListener} CAUSE constant for writing instruction {@code k}. */
    public int cause(int k) {
        return causes[k];
    }

    /** Whether every cause is {@link MachineListener#CAUSE_ALU}. */
    public boolean isArithmetic() {
        return arithmetic;
    }
}
