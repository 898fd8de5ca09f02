package trapline.codec;

/**
 * The arithmetic instructions of a block of code, prepared so that the EFLAGS they wrote can be recorded at once, time and
 * again: see {@link FlagBursts}. Never changes.
 */
public final class FlagSites {

    private static final int INDEX_SHIFT = 48;
    private static final long WORD_MASK = (1L << INDEX_SHIFT) - 1;

    public final int cpu;
    /** For each instruction what {@link Prediction#word} says of it behind the one before it, and above that its index. */
    public final long[] packed;
    /** By a number of instructions of the block: how many of them write EFLAGS. */
    public final byte[] among;

    /**
     * Prepares a block.
     *
     * @param cpu the CPU that runs it
     * @param length number of its instructions, at most {@link FlagBursts#COUNT_MAX}
     * @param indices for each instruction that writes EFLAGS its place among all, from 0, ascending
     * @param eips for each of them its address, as 32 unsigned bits
     */
    public FlagSites(int cpu, int length, int[] indices, int[] eips) {
        this.cpu = cpu;
        packed = new long[eips.length];
        among = new byte[length + 1];
        int writing = 0;
        for (int i = 0; i < length; i++) {
            among[i] = (byte) writing;
            if (writing < indices.length && indices[writing] == i) {
                int steps = writing == 0 ? 0 : i - indices[writing - 1];
                packed[writing] = (long) i << INDEX_SHIFT | Prediction.word(eips[writing] & 0xffff_ffffL, steps);
                writing++;
            }
        }
        among[length] = (byte) writing;
    }

    public static int index(long packed) {
        return (int) (packed >>> INDEX_SHIFT);
    }

    static long word(long packed) {
        return packed & WORD_MASK;
    }

    public static long eip(long packed) {
        return packed >>> Prediction.STEPS_BITS & 0xffff_ffffL;
    }
}
