package trapline.codec;

/**
 * The status flags as a number of instructions left them, for {@link trapline.journal.JournalWriter#flags(FlagBursts, int)}, which records
 * them much faster than one by one. A burst is a number of instructions of one block of code that were executed one after
 * the other. Bursts follow one another without a gap in time and with the same control flags, but where there is a start.
 * Whoever fills this sets all fields and calls {@link #rewind}; the writer moves on.
 */
public final class FlagBursts {

    /** Instructions of a burst at the most. */
    public static final int COUNT_MAX = (1 << FlagBursts.COUNT_BITS) - 1;

    /** In {@link #parts}: bits that the number of instructions takes. */
    public static final int COUNT_BITS = 7;

    private static final int LOW_MASK = 0xd5;
    private static final int OF_MASK = 0x20;
    private static final int OF_SHIFT = 6;

    /** After each instruction: CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5. */
    public final byte[] status;

    /** For each burst the number of instructions, and above {@link #COUNT_BITS} bits the place of its block in {@link #sites}. */
    public final int[] parts;

    /** For each start the number of bursts before it, ascending. */
    public final int[] startBursts;

    /** For each start the instructions retired globally before it. */
    public final long[] startSteps;

    /** For each start the bits of EFLAGS that are not status flags. */
    public final int[] startControls;

    /** Blocks. */
    public FlagSites[] sites;

    /** Number of bursts. */
    public int bursts;

    /** Number of starts; the first burst has one. */
    public int starts;

    /** The next burst. */
    public int burst;

    /** Number of instructions before the next burst: the place in {@link #status} of its first. */
    public int position;

    /** Step of the next burst less its position. */
    public long base;

    /** The bits of EFLAGS that are not status flags. */
    public int control;

    /** The next start. */
    private int start;

    /**
     * None yet.
     *
     * @param instructionsMax how many instructions, and bursts, there is room for
     */
    public FlagBursts(int instructionsMax) {
        status = new byte[instructionsMax];
        parts = new int[instructionsMax];
        startBursts = new int[instructionsMax];
        startSteps = new long[instructionsMax];
        startControls = new int[instructionsMax];
        sites = new FlagSites[256];
    }

    /** EFLAGS from its two parts. */
    public static int eflags(int control, byte status) {
        return control | (status & LOW_MASK) | ((status & OF_MASK) << OF_SHIFT);
    }

    /** Goes to the first burst. */
    public void rewind() {
        burst = 0;
        position = 0;
        start = 0;
        takeStart();
    }

    /** Whether there is no burst left. */
    public boolean isEnd() {
        return burst == bursts;
    }

    /** Number of instructions before the next burst. */
    public int position() {
        return position;
    }

    /** Number of instructions of the next burst. */
    public int count() {
        return parts[burst] & COUNT_MAX;
    }

    /** What the next burst is of. */
    public FlagSites block() {
        return sites[parts[burst] >>> COUNT_BITS];
    }

    /** Number of the burst at which the next start is; that of bursts if there is none left. */
    public int nextStart() {
        return start < starts ? startBursts[start] : bursts;
    }

    /** Goes on to the burst behind the next. */
    public void skip() {
        goTo(burst + 1, position + count());
    }

    /** Goes on to another burst, not behind {@link #nextStart}. */
    void goTo(int nextBurst, int nextPosition) {
        burst = nextBurst;
        position = nextPosition;
        takeStart();
    }

    private void takeStart() {
        if (start < starts && startBursts[start] == burst) {
            base = startSteps[start] - position;
            control = startControls[start];
            start++;
        }
    }
}
