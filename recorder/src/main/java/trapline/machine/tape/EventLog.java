package trapline.machine.tape;

import java.util.Arrays;

/**
 * A listener that only writes down what it is told, as ints, so that another thread can tell it to another listener later:
 * {@link LoggedEvents} reads it. The machine's thread has to be quick; making something of an event takes ten times as long
 * as writing it down.
 *
 * <p>An entry begins with its head: <pre>
 *   position in the {@link FlagLog} (24 bits), CPU (4 bits), code (4 bits)
 * </pre>
 * What follows is the event's arguments in the order of the listener's method. The step is not written: it is that of the
 * position, for a call's exit one less.
 */
final class EventLog implements MachineListener {
    /** Something happened that the listener was told at once. */
    static final int TOLD = 0;
    /** Other steps belong to the positions from here on: the step of position 0, high half first. */
    static final int BASE = 1;

    static final int EFLAGS_WRITE = 2;
    static final int FRAME_WRITE = 3;
    static final int TRAP_ENTRY = 4;
    static final int TRAP_EXIT = 5;
    static final int VARIABLE = 6;
    static final int CALL_ENTRY = 7;
    static final int CALL_EXIT = 8;
    static final int TEXT_READ = 9;
    static final int TEXT_WRITE = 10;
    static final int SHOWN = 11;
    static final int TEXT_RUN = 12;
    static final int STACK_WRITE = 13;

    static final int POSITION_SHIFT = 8;
    static final int CPU_SHIFT = 4;
    static final int CPU_MASK = 15;
    static final int CODE_MASK = 15;

    /** The longest entry, a trap's. */
    private static final int ENTRY_INTS_MAX = 12;
    /** A log with more ints is handed over. */
    private static final int FULL = 1 << 13;

    private final FlagLog flags;
    private int[] ints = new int[2 * FULL];
    private int size;
    private long base;

    EventLog(FlagLog flags) {
        this.flags = flags;
    }

    /** Empties the log; position 0 has a step. */
    void begin(long step) {
        size = 0;
        base(step);
    }

    /** From now on position 0 has another step. */
    void base(long step) {
        base = step;
        int at = room();
        ints[at] = BASE;
        ints[at + 1] = (int) (step >>> 32);
        ints[at + 2] = (int) step;
        size = at + 3;
    }

    /** The listener was told something at once, when the log had a position. */
    void told(int position) {
        int at = room();
        ints[at] = (position << POSITION_SHIFT) | TOLD;
        size = at + 1;
    }

    int size() {
        return size;
    }

    void copy(int[] to) {
        System.arraycopy(ints, 0, to, 0, size);
    }

    /** Place of the next entry. */
    private int room() {
        int at = size;
        if (at > FULL) {
            flags.handOver();
            if (ints.length - at < ENTRY_INTS_MAX) {
                ints = Arrays.copyOf(ints, 2 * at);
            }
        }
        return at;
    }

    private int head(int code, int cpu, long step) {
        return ((int) (step - base) << POSITION_SHIFT) | (cpu << CPU_SHIFT) | code;
    }

    @Override
    public void eflagsWrite(int cpu, long step, int eip, int old, int now, int cause) {
        int at = room();
        int[] to = ints;
        to[at] = head(EFLAGS_WRITE, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = old;
        to[at + 3] = now;
        to[at + 4] = cause;
        size = at + 5;
    }

    @Override
    public void frameWrite(int cpu, long step, int eip, int old, int now, int frame) {
        int at = room();
        int[] to = ints;
        to[at] = head(FRAME_WRITE, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = old;
        to[at + 3] = now;
        to[at + 4] = frame;
        size = at + 5;
    }

    @Override
    public void trapEntry(
            int cpu,
            long step,
            int eip,
            int vector,
            int errorCode,
            int cs,
            int pushedEip,
            int pushedEflags,
            int esp,
            int cr2,
            int dr6,
            int origin,
            int frame) {
        int at = room();
        int[] to = ints;
        to[at] = head(TRAP_ENTRY, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = vector;
        to[at + 3] = errorCode;
        to[at + 4] = cs;
        to[at + 5] = pushedEip;
        to[at + 6] = pushedEflags;
        to[at + 7] = esp;
        to[at + 8] = cr2;
        to[at + 9] = dr6;
        to[at + 10] = origin;
        to[at + 11] = frame;
        size = at + 12;
    }

    @Override
    public void trapExit(int cpu, long step, int eip, int newEip, int newCs, int newEflags, int newEsp, int frame) {
        int at = room();
        int[] to = ints;
        to[at] = head(TRAP_EXIT, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = newEip;
        to[at + 3] = newCs;
        to[at + 4] = newEflags;
        to[at + 5] = newEsp;
        to[at + 6] = frame;
        size = at + 7;
    }

    @Override
    public void variable(int cpu, long step, int eip, int index, int element, int old, int now) {
        int at = room();
        int[] to = ints;
        to[at] = head(VARIABLE, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = index;
        to[at + 3] = element;
        to[at + 4] = old;
        to[at + 5] = now;
        size = at + 6;
    }

    @Override
    public void callEntry(int cpu, long step, int eip, int index, int eax, int edx, int ecx, int returnTo) {
        int at = room();
        int[] to = ints;
        to[at] = head(CALL_ENTRY, cpu, step);
        to[at + 1] = eip;
        to[at + 2] = index;
        to[at + 3] = eax;
        to[at + 4] = edx;
        to[at + 5] = ecx;
        to[at + 6] = returnTo;
        size = at + 7;
    }

    /** Stands behind the RET, whose step it has. */
    @Override
    public void callExit(int cpu, long step, int eip, int index, int eax) {
        int at = room();
        int[] to = ints;
        to[at] = head(CALL_EXIT, cpu, step + 1);
        to[at + 1] = eip;
        to[at + 2] = index;
        to[at + 3] = eax;
        size = at + 4;
    }

    @Override
    public void textRead(int cpu, long step, int eip, int index, int address, int size, int value) {
        text(head(TEXT_READ, cpu, step), eip, index, address, size, value);
    }

    @Override
    public void textWrite(int cpu, long step, int eip, int index, int address, int size, int old, int now, int by) {
        text(head(TEXT_WRITE, cpu, step), eip, index, address, size, old);
        int at = this.size;
        ints[at] = now;
        ints[at + 1] = by;
        this.size = at + 2;
    }

    @Override
    public void shown(
            int cpu,
            long step,
            int eip,
            int index,
            boolean leaving,
            int image,
            int frame,
            int shownEip,
            int shownEflags,
            int differs,
            int dsEs,
            int fs) {
        int at = room();
        int[] to = ints;
        to[at] = head(SHOWN, cpu, leaving ? step + 1 : step);
        to[at + 1] = eip;
        to[at + 2] = index;
        to[at + 3] = leaving ? 1 : 0;
        to[at + 4] = image;
        to[at + 5] = frame;
        to[at + 6] = shownEip;
        to[at + 7] = shownEflags;
        to[at + 8] = differs;
        to[at + 9] = dsEs;
        to[at + 10] = fs;
        size = at + 11;
    }

    @Override
    public void textRun(int cpu, long step, int eip, int index) {
        int at = room();
        ints[at] = head(TEXT_RUN, cpu, step);
        ints[at + 1] = eip;
        ints[at + 2] = index;
        size = at + 3;
    }

    @Override
    public void stackWrite(int cpu, long step, int eip, int address, int size, int old, int now, int frame) {
        text(head(STACK_WRITE, cpu, step), eip, address, size, old, now);
        ints[this.size] = frame;
        this.size++;
    }

    private void text(int head, int eip, int index, int address, int bytes, int value) {
        int at = room();
        int[] to = ints;
        to[at] = head;
        to[at + 1] = eip;
        to[at + 2] = index;
        to[at + 3] = address;
        to[at + 4] = bytes;
        to[at + 5] = value;
        size = at + 6;
    }
}
