package trapline.machine.tape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.machine.alu.Flags;

/**
 * What a running machine writes down for whoever makes events of it, perhaps on another thread and later: a {@link TapeRow}
 * for each thing that happens, and, with one store for an instruction, the status flags that instructions left. The machine's
 * thread has to be quick; making something of a row takes ten times as long as writing it down.
 *
 * <p>Instructions come in bursts: those of one strip of code that were executed one after the other. A <i>position</i>
 * counts the instructions of the tape from 0; a row that has a position happened before the EFLAGS write of the instruction
 * that has this position, and after that of the one before. A <i>start</i> stands where a burst does not simply go on from
 * the one before: another step than the next, or other flags than the status flags have changed.
 *
 * <p>A row in ints: <pre>
 *   position (23 bits), CPU (4 bits), code (5 bits)
 *   eip
 *   a value for each column; of a text or another object its number among the tape's objects
 * </pre>
 *
 * <p>A tape is filled by the machine's thread and then copied for one other; whoever hands it over cares for visibility. A
 * tape that nobody gave to the machine is for listeners that are told of each row at once: it holds that one.
 */
public final class Tape {
    /** Instructions that a tape has room for. */
    public static final int INSTRUCTIONS_MAX = 1 << 13;

    /** Bits of a count: see {@link #copy}. */
    public static final int COUNT_BITS = 7;

    /** The longest strip of code. */
    public static final int STRIP_LENGTH_MAX = 64;

    static final int POSITION_SHIFT = 9;
    static final int CPU_SHIFT = 5;
    static final int CPU_MASK = 15;
    static final int CODE_MASK = 31;

    /** Of every row: position, CPU and code; eip. */
    static final int HEAD_INTS = 2;

    /** More than the longest row has. */
    private static final int ROW_INTS_MAX = 16;

    /** A tape with more ints is handed over. */
    private static final int ROWS_FULL = 1 << 13;

    /** A tape with more objects is handed over. */
    private static final int OBJECTS_FULL = 1000;

    private static final int FULL = INSTRUCTIONS_MAX - STRIP_LENGTH_MAX;

    /** A guest that changes its code makes new strips for ever: with more than these their numbers are given anew. */
    private static final int STRIPS_MAX = 1 << 12;

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

    /** By burst: which strip, and how many instructions of it. */
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

    private int[] ints = new int[2 * ROWS_FULL];
    private int size;
    private final List<Object> objects = new ArrayList<>();

    /** Strips of code by their numbers, which they keep until there are {@link #STRIPS_MAX}. */
    private @Nullable StripSites[] strips = new @Nullable StripSites[256];

    private int stripCount;
    /** How many of them have been copied out. */
    private int stripsCopied;
    /**
     * Changes when numbers are given anew, so that a strip knows whether it has one. Attaching another tape throws all strips
     * away.
     */
    private long numbering = 1;

    /**
     * The status flags in a byte: CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5; bits 1 and 3 are 0.
     */
    public static byte pack(int eflags) {
        return (byte) ((eflags & LOW) | ((eflags & Flags.OF) >>> OF_SHIFT));
    }

    /** An empty tape. */
    public Tape() {}

    /** Begins to fill an empty tape at a step of the machine. */
    void begin(long step) {
        base = step;
        control = UNKNOWN;
        room = FULL;
        size = 0;
        writeBase();
    }

    /** The machine's step changes by something that it did not execute now; the position does not. */
    void stepsChange(long by) {
        base += by;
        control = UNKNOWN;
        writeBase();
    }

    /** Number of instructions up to a step of the machine. */
    int position(long step) {
        return (int) (step - base);
    }

    /** Whether there might be no room for another burst, or somebody wants the tape as it is. */
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
    public void open(TapeStrip code, int position, int eflagsBefore) {
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
        return Objects.requireNonNull(strips[running >>> COUNT_BITS]).eip(position - start);
    }

    /** The position at which the last burst started. */
    public int start() {
        return start;
    }

    boolean isOpen() {
        return running != NONE;
    }

    private int enter(TapeStrip code) {
        if (stripCount == strips.length) {
            strips = Arrays.copyOf(strips, 2 * stripCount);
        }
        code.numbering = numbering;
        code.number = stripCount;
        strips[stripCount] = code.sites();
        return stripCount++;
    }

    /**
     * Copies out what instructions left.
     *
     * @param step of the machine now
     * @param toStatus for each instruction CF, PF, AF, ZF, SF at bits 0, 2, 4, 6, 7 as in EFLAGS, OF at bit 5
     * @param toParts for each burst {@code strip << COUNT_BITS | count}: how many instructions it has, and the number of its
     *     strip, see {@link #copyStrips}
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

    /** Makes the machine hand the tape over before the next burst, however much room it has. */
    private void handOver() {
        room = 0;
    }

    private void writeBase() {
        begin(TapeRow.BASE, 0, base, 0);
        put((int) (base >>> 32), (int) base);
    }

    /** Begins a row; its columns have to be put. */
    void begin(TapeRow row, int cpu, long step, int eip) {
        int start = size;
        if (start > ROWS_FULL) {
            handOver();
            if (ints.length - start < ROW_INTS_MAX) {
                ints = Arrays.copyOf(ints, 2 * start);
            }
        }
        ints[start] = (int) (step - base) << POSITION_SHIFT | cpu << CPU_SHIFT | row.code();
        ints[start + 1] = eip;
        size = start + HEAD_INTS;
    }

    /** Puts the next column. */
    void put(int value) {
        ints[size++] = value;
    }

    /** Puts two columns. */
    void put(int first, int second) {
        int at = size;
        int[] to = ints;
        to[at] = first;
        to[at + 1] = second;
        size = at + 2;
    }

    /** Puts four columns. */
    void put(int first, int second, int third, int fourth) {
        int at = size;
        int[] to = ints;
        to[at] = first;
        to[at + 1] = second;
        to[at + 2] = third;
        to[at + 3] = fourth;
        size = at + 4;
    }

    /** Puts the last column: a text or another object. */
    void put(Object object) {
        put(objects.size());
        objects.add(object);
        if (objects.size() >= OBJECTS_FULL) {
            handOver();
        }
    }

    /** Empties it for one row that the listener is told of at once. */
    void beginAlone(long step) {
        objects.clear();
        size = 0;
        base = step;
        writeBase();
    }

    int size() {
        return size;
    }

    int[] ints() {
        return ints;
    }

    List<Object> objects() {
        return objects;
    }

    /**
     * Copies out the strips that were entered since the last time.
     *
     * @param to gets what is known of each
     * @return the number of the first; 0 if numbers are given anew, and those before are no more
     */
    public int copyStrips(List<StripSites> to) {
        int first = stripsCopied;
        for (int number = first; number < stripCount; number++) {
            to.add(Objects.requireNonNull(strips[number]));
        }
        stripsCopied = stripCount;
        return first;
    }

    /** Empties the tape, to be filled again. */
    public void clear() {
        bursts = 0;
        starts = 0;
        size = 0;
        objects.clear();
        if (stripCount > STRIPS_MAX) {
            Arrays.fill(strips, 0, stripCount, null);
            stripCount = 0;
            stripsCopied = 0;
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
