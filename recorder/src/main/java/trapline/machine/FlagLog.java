package trapline.machine;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The status flags that instructions left, noted by a running machine with one store for an instruction, so that the work
 * of making events of it can be done later and by another thread.
 *
 * <p>The log is divided into bursts: instructions of one block that were executed one after the other. A
 * <i>position</i> counts the instructions of the log from 0; an event that a {@link MachineListener} is told at {@link
 * Machine#flagPosition} happened before the EFLAGS write of the instruction that has this position, and after that of the
 * one before. A <i>start</i> stands where a burst does not simply go on from the one before: another step than the next,
 * or other flags than the status flags have changed.
 *
 * <p>A log is filled by the machine's thread and then read by one other; whoever hands it over cares for visibility.
 */
public final class FlagLog {
    /** Instructions that a log has room for. */
    public static final int INSTRUCTIONS_MAX = 1 << 13;

    /** Bits of a count: see {@link #copy}. */
    public static final int COUNT_BITS = 7;

    private static final int FULL = INSTRUCTIONS_MAX - Block.LENGTH_MAX;

    /** In {@link #control}: no EFLAGS is like that, so the next burst has a start. */
    private static final int UNKNOWN = Flags.CF;

    /** In {@link #running}: no burst is open. */
    private static final int NONE = -1;

    /** CF, PF, AF, ZF, SF: where they are in EFLAGS. */
    private static final int LOW = Flags.STATUS & 0xff;

    /** How far OF is shifted into a byte with the others. */
    private static final int OF_SHIFT = 6;

    /** Status flags after each instruction, by position; see {@link #pack}. */
    final byte[] status = new byte[INSTRUCTIONS_MAX];

    /** By burst: which block, and how many instructions of it. */
    private final int[] parts = new int[INSTRUCTIONS_MAX];

    private int bursts;
    /** The part of the open burst, still without a count. */
    private int running = NONE;
    /** The position at which the last burst started. */
    private int start;

    private final int[] startBursts = new int[INSTRUCTIONS_MAX];
    private final long[] startSteps = new long[INSTRUCTIONS_MAX];
    private final int[] startControls = new int[INSTRUCTIONS_MAX];
    private int starts;

    /** The machine's step less the position. */
    private long base;
    /** EFLAGS of the last burst without the status flags. */
    private int control;
    /** Positions behind which no burst may be opened. */
    private int room;

    private @Nullable FlagWrites[] blocks = new @Nullable FlagWrites[256];
    private int blockCount;
    /**
     * Which filling of the log this is, so that a block knows whether it has a number in it. Attaching another log throws
     * all blocks away.
     */
    private long filling = 1;

    /**
     * The status flags in a byte: CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5; bits 1 and 3 are 0.
     */
    public static byte pack(int eflags) {
        return (byte) ((eflags & LOW) | ((eflags & Flags.OF) >>> OF_SHIFT));
    }

    /** Begins to fill an empty log at a step of the machine. */
    void begin(long step) {
        base = step;
        control = UNKNOWN;
        room = FULL;
    }

    /** The machine's step changes by something that it did not execute now; the position does not. */
    void stepsChange(long by) {
        base += by;
        control = UNKNOWN;
    }

    /** Number of instructions up to a step of the machine. */
    int position(long step) {
        return (int) (step - base);
    }

    /** Whether there might be no room for another burst, or somebody wants the log as it is. */
    boolean isFull(long step) {
        return step - base >= room;
    }

    /** As {@link #isFull(long)}, at a position. */
    boolean isFull(int position) {
        return position >= room;
    }

    /** The machine's step at position 0. */
    long base() {
        return base;
    }

    /** Opens a burst at a position, for which there is room. */
    void open(Block block, int position, int eflagsBefore) {
        running = (block.fillingOfLog == filling ? block.indexInLog : enter(block)) << COUNT_BITS;
        start = position;
        if ((eflagsBefore & ~Flags.STATUS) != control) {
            start(base + position, eflagsBefore);
        }
    }

    private void start(long step, int eflags) {
        control = eflags & ~Flags.STATUS;
        startBursts[starts] = bursts;
        startSteps[starts] = step;
        startControls[starts++] = control;
    }

    /** Closes the burst behind the instructions that completed. */
    void close(int position) {
        int count = position - start;
        if (count > 0) {
            parts[bursts++] = running | count;
        } else if (starts > 0 && startBursts[starts - 1] == bursts) {
            starts--;
            control = UNKNOWN;
        }
        running = NONE;
    }

    /** EIP of the instruction of the open burst that has a position. */
    int eip(int position) {
        return block(running >>> COUNT_BITS).eip(position - start);
    }

    /** The position at which the last burst started. */
    int start() {
        return start;
    }

    boolean isOpen() {
        return running != NONE;
    }

    private int enter(Block block) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockCount);
        }
        block.fillingOfLog = filling;
        block.indexInLog = blockCount;
        blocks[blockCount] = block.flagWrites();
        return blockCount++;
    }

    /**
     * Copies out what instructions left.
     *
     * @param step of the machine now
     * @param toStatus for each instruction CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5
     * @param toParts for each burst {@code block << COUNT_BITS | count}: how many instructions it has, and of which block
     */
    public void copy(long step, byte[] toStatus, int[] toParts) {
        System.arraycopy(status, 0, toStatus, 0, position(step));
        System.arraycopy(parts, 0, toParts, 0, bursts);
    }

    /**
     * Copies out the starts.
     *
     * @param toBursts for each start the number of bursts before it
     * @param toSteps for each start the instructions of all CPUs retired before it
     * @param toControls for each start EFLAGS without the status flags
     */
    public void copyStarts(int[] toBursts, long[] toSteps, int[] toControls) {
        System.arraycopy(startBursts, 0, toBursts, 0, starts);
        System.arraycopy(startSteps, 0, toSteps, 0, starts);
        System.arraycopy(startControls, 0, toControls, 0, starts);
    }

    /** Makes the machine hand the log over before the next burst, however much room it has. */
    public void handOver() {
        room = 0;
    }

    /** Empties the log, to be filled again. */
    public void clear() {
        Arrays.fill(blocks, 0, blockCount, null);
        blockCount = 0;
        filling++;
        bursts = 0;
        starts = 0;
    }

    /** Number of bursts. */
    public int bursts() {
        return bursts;
    }

    /** Number of starts. */
    public int starts() {
        return starts;
    }

    /** Number of blocks that the bursts are of. */
    public int blocks() {
        return blockCount;
    }

    /** Which instructions of a block write the status flags. */
    public FlagWrites block(int number) {
        return Objects.requireNonNull(blocks[number]);
    }
}
