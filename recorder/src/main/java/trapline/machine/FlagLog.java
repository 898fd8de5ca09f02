package trapline.machine;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What instructions left in EFLAGS, noted by a running machine with one store for an instruction, so that the work of
 * making events of it can be done later and by another thread.
 *
 * <p>The log is divided into bursts: instructions of one block that were executed one after the other. A
 * <i>position</i> counts the instructions of the log from 0; an event that a {@link MachineListener} is told at {@link
 * Machine#flagPosition} happened before the EFLAGS write of the instruction that has this position, and after that of the
 * one before.
 *
 * <p>A log is filled by the machine's thread and then read by one other; whoever hands it over cares for visibility.
 */
public final class FlagLog {
    /** Instructions that a log has room for. */
    public static final int INSTRUCTIONS_MAX = 1 << 12;

    /** Bits of a count: see {@link #copy}. */
    public static final int COUNT_BITS = 7;

    private static final int FULL = INSTRUCTIONS_MAX - Block.LENGTH_MAX;

    /** EFLAGS after each instruction, by position. */
    final int[] eflags = new int[INSTRUCTIONS_MAX];
    /** Number of instructions in closed bursts: the position at which the open burst began. */
    int position;

    // By burst: instructions retired before it, EFLAGS before it, and which block, with how many instructions of it.
    private final long[] steps = new long[INSTRUCTIONS_MAX];
    private final int[] before = new int[INSTRUCTIONS_MAX];
    private final int[] parts = new int[INSTRUCTIONS_MAX];
    private int bursts;
    private boolean open;
    private boolean handOver;

    private @Nullable FlagWrites[] blocks = new @Nullable FlagWrites[256];
    private int blockCount;
    /**
     * Which filling of the log this is, so that a block knows whether it has a number in it. Attaching another log throws
     * all blocks away.
     */
    private long filling = 1;

    /** Whether there might be no room for another burst, or somebody wants the log as it is. */
    boolean isFull() {
        return position >= FULL || handOver;
    }

    /** Opens a burst, for which there is room. */
    void open(Block block, long step, int eflagsBefore) {
        steps[bursts] = step;
        before[bursts] = eflagsBefore;
        parts[bursts] = indexOf(block) << COUNT_BITS;
        open = true;
    }

    /** Closes the burst with the number of instructions that completed. */
    void close(int count) {
        open = false;
        if (count > 0) {
            parts[bursts++] |= count;
            position += count;
        }
    }

    /** EIP of an instruction of the open burst. */
    int eip(int index) {
        return block(parts[bursts] >>> COUNT_BITS).eip(index);
    }

    boolean isOpen() {
        return open;
    }

    private int indexOf(Block block) {
        return block.fillingOfLog == filling ? block.indexInLog : enter(block);
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
     * Copies out what there is.
     *
     * @param toEflags EFLAGS after each instruction, by position
     * @param toSteps for each burst the instructions of all CPUs retired before it
     * @param toBefore for each burst EFLAGS before its first instruction
     * @param toParts for each burst {@code block << COUNT_BITS | count}: how many instructions it has, and of which block
     */
    public void copy(int[] toEflags, long[] toSteps, int[] toBefore, int[] toParts) {
        System.arraycopy(eflags, 0, toEflags, 0, position);
        System.arraycopy(steps, 0, toSteps, 0, bursts);
        System.arraycopy(before, 0, toBefore, 0, bursts);
        System.arraycopy(parts, 0, toParts, 0, bursts);
    }

    /** Makes the machine hand the log over before the next burst, however much room it has. */
    public void handOver() {
        handOver = true;
    }

    /** Empties the log, to be filled again. */
    public void clear() {
        Arrays.fill(blocks, 0, blockCount, null);
        blockCount = 0;
        filling++;
        bursts = 0;
        position = 0;
        handOver = false;
    }

    /** Number of bursts. */
    public int bursts() {
        return bursts;
    }

    /** Number of blocks that the bursts are of. */
    public int blocks() {
        return blockCount;
    }

    /** Which instructions of a block write EFLAGS. */
    public FlagWrites block(int number) {
        return Objects.requireNonNull(blocks[number]);
    }
}
