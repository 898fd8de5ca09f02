package trapline.journal;

import org.jspecify.annotations.Nullable;

/**
 * EFLAGS as a number of instructions left them, for {@link JournalWriter#flags(FlagBursts, int)}, which records them much
 * faster than one by one. A burst is a number of instructions of one block of code that were executed one after the
 * other. Whoever fills this sets all fields; the writer moves {@link #burst} and {@link #position}.
 */
public final class FlagBursts {

    /** Instructions of a burst at the most. */
    public static final int COUNT_MAX = (1 << FlagBursts.COUNT_BITS) - 1;

    /** In {@link #parts}: bits that the number of instructions takes. */
    public static final int COUNT_BITS = 7;

    /** EFLAGS after each instruction. */
    public final int[] eflags;

    /** For each burst the instructions retired globally before it. */
    public final long[] steps;

    /** For each burst the number of instructions, and above {@link #COUNT_BITS} bits the place of its block in {@link #sites}. */
    public final int[] parts;

    /** Blocks; null for one whose instructions write EFLAGS in other ways too. */
    public @Nullable FlagSites[] sites;

    /** Number of bursts. */
    public int bursts;

    /** The next burst. */
    public int burst;

    /** Number of instructions before the next burst: the place in {@link #eflags} of its first. */
    public int position;

    /**
     * None yet.
     *
     * @param instructionsMax how many instructions, and bursts, there is room for
     */
    public FlagBursts(int instructionsMax) {
        eflags = new int[instructionsMax];
        steps = new long[instructionsMax];
        parts = new int[instructionsMax];
        sites = new @Nullable FlagSites[256];
    }

    /** Number of instructions of the next burst. */
    public int count() {
        return parts[burst] & COUNT_MAX;
    }

    /** Place in {@link #sites} of the next burst's block. */
    public int block() {
        return parts[burst] >>> COUNT_BITS;
    }

    /** Goes on to the burst behind the next. */
    public void skip() {
        position += count();
        burst++;
    }
}
