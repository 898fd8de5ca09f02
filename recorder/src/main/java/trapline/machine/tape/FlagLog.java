package trapline.machine.tape;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;

/**
 * What a running machine notes for another thread, so that the work of making events of it can be done later: the status
 * flags that instructions left, with one store for an instruction, and other events as {@link EventLog} writes them down.
 *
 * <p>The log is divided into bursts: instructions of one block that were executed one after the other. A
 * <i>position</i> counts the instructions of the log from 0; an event that has a position ({@link LoggedEvents#position},
 * {@code Machine.flagPosition}) happened before the EFLAGS write of the instruction that has this position, and after that
 * of the one before. A <i>start</i> stands where a burst does not simply go on from the one before: another step than the
 * next, or other flags than the status flags have changed.
 *
 * <p>A log is filled by the machine's thread and then copied for one other; whoever hands it over cares for visibility.
 */
public final class FlagLog {
    /** Instructions that a log has room for. */
    public static final int INSTRUCTIONS_MAX = 1 << 13;

    /** Bits of a count: see {@link #copy}. */
    public static final int COUNT_BITS = 7;

    /** The longest strip of code. */
    public static final int STRIP_LENGTH_MAX = 64;

    private static final int FULL = INSTRUCTIONS_MAX - STRIP_LENGTH_MAX;

    /** A guest that changes its code makes new blocks for ever: with more than these their numbers are given anew. */
    private static final int BLOCKS_MAX = 1 << 12;

    /** In {@link #control}: no EFLAGS is like that, so the next burst has a start. */
    private static final int UNKNOWN = Flags.CF;

    /** In {@link #running}: no burst is open. */
    private static final int NONE = -1;

    /** CF, PF, AF, ZF, SF: where they are in EFLAGS. */
    private static final int LOW = Flags.STATUS & 0xff;

    /** How far OF is shifted into a byte with the others. */
    private static final int OF_SHIFT = 6;

    /** Status flags after each instruction, by position; see {@link #pack}. The machine stores them here itself. */
    public final byte[] status = new byte[INSTRUCTIONS_MAX];

    /** By burst: which block, and how many instructions of it. */
    private final int[] parts = new int[INSTRUCTIONS_MAX];

    private int bursts;
    /** The part of the open burst, still without a count. */
    private int running = NONE;
    /** The position at which it started, or the one before if none is open. */
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

    /** The other events of the same time. */
    final EventLog events = new EventLog(this);

    /** Blocks of code by their numbers, which they keep until there are {@link #BLOCKS_MAX}. */
    private @Nullable FlagWrites[] blocks = new @Nullable FlagWrites[256];

    private int blockCount;
    /** How many of them have been copied out. */
    private int blocksCopied;
    /**
     * Changes when numbers are given anew, so that a block knows whether it has one. Attaching another log throws all blocks
     * away.
     */
    private long numbering = 1;

    /**
     * The status flags in a byte: CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5; bits 1 and 3 are 0.
     */
    public static byte pack(int eflags) {
        return (byte) ((eflags & LOW) | ((eflags & Flags.OF) >>> OF_SHIFT));
    }

    /** An empty log. */
    public FlagLog() {}

    /** Begins to fill an empty log at a step of the machine. */
    void begin(long step) {
        base = step;
        control = UNKNOWN;
        room = FULL;
        events.begin(step);
    }

    /** The machine's step changes by something that it did not execute now; the position does not. */
    void stepsChange(long by) {
        base += by;
        control = UNKNOWN;
        events.base(base);
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
    public boolean isFull(int position) {
        return position >= room;
    }

    /** The machine's step at position 0. */
    public long base() {
        return base;
    }

    /** Opens a burst at a position, for which there is room. */
    public void open(LoggedCode code, int position, int eflagsBefore) {
        running = (code.numbering == numbering ? code.number : enter(code)) << COUNT_BITS;
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
    public void close(int position) {
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
        return Objects.requireNonNull(blocks[running >>> COUNT_BITS]).eip(position - start);
    }

    /** The position at which the last burst started. */
    public int start() {
        return start;
    }

    boolean isOpen() {
        return running != NONE;
    }

    private int enter(LoggedCode code) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockCount);
        }
        code.numbering = numbering;
        code.number = blockCount;
        blocks[blockCount] = code.flagWrites();
        return blockCount++;
    }

    /**
     * Copies out what instructions left.
     *
     * @param step of the machine now
     * @param toStatus for each instruction CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5
     * @param toParts for each burst {@code block << COUNT_BITS | count}: how many instructions it has, and the number of its
     *     block, see {@link #copyBlocks}
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

    /** Notes that the listener was told of something else than a write, at {@code Machine.flagPosition}. */
    public void told(int position) {
        events.told(position);
    }

    /** Makes the machine hand the log over before the next burst, however much room it has. */
    public void handOver() {
        room = 0;
    }

    /**
     * Copies out the blocks that were entered since the last time.
     *
     * @param to gets what is known of each
     * @return the number of the first; 0 if numbers are given anew, and those before are no more
     */
    public int copyBlocks(List<FlagWrites> to) {
        int first = blocksCopied;
        for (int number = first; number < blockCount; number++) {
            to.add(Objects.requireNonNull(blocks[number]));
        }
        blocksCopied = blockCount;
        return first;
    }

    /** Empties the log, to be filled again. */
    public void clear() {
        bursts = 0;
        starts = 0;
        if (blockCount > BLOCKS_MAX) {
            Arrays.fill(blocks, 0, blockCount, null);
            blockCount = 0;
            blocksCopied = 0;
            numbering++;
        }
    }

    /** Number of bursts. */
    public int bursts() {
        return bursts;
    }

    /** Number of starts. */
    public int starts() {
        return starts;
    }
}
