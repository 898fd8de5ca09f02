package trapline.machine.tape;

import java.util.ArrayList;
import java.util.List;

/** The rows of a {@link Tape}: the tape's own, or a copy for another thread, and how far they have been read. */
public final class TapeReader {
    /** The position behind all others. */
    public static final int NO_POSITION = Integer.MAX_VALUE;

    private int[] ints = new int[0];
    private int size;
    private int at;
    private long base;
    private int position = NO_POSITION;
    private TapeRow row = TapeRow.BASE;
    private List<Object> objects = new ArrayList<>();

    /** Nothing to read yet. */
    public TapeReader() {}

    /** Copies what a tape has, and goes to its first row. */
    public void copy(Tape tape) {
        size = tape.size();
        if (ints.length < size) {
            ints = new int[2 * size];
        }
        System.arraycopy(tape.ints(), 0, ints, 0, size);
        objects = new ArrayList<>(tape.objects());
        rewind();
    }

    /** Reads the tape itself. */
    void over(Tape tape) {
        ints = tape.ints();
        size = tape.size();
        objects = tape.objects();
        rewind();
    }

    private void rewind() {
        at = 0;
        take();
    }

    /** Goes on to the next row. */
    public void next() {
        at += Tape.HEAD_INTS + row.columns().size();
        take();
    }

    private void take() {
        while (at < size && (ints[at] & Tape.CODE_MASK) == TapeRow.BASE.code()) {
            base = (long) ints[at + Tape.HEAD_INTS] << 32 | (ints[at + Tape.HEAD_INTS + 1] & 0xffff_ffffL);
            at += Tape.HEAD_INTS + 2;
        }
        if (at < size) {
            position = ints[at] >>> Tape.POSITION_SHIFT;
            row = TapeRow.ofCode(ints[at] & Tape.CODE_MASK);
        } else {
            position = NO_POSITION;
        }
    }

    /** Position of the row on its tape, see {@link Tape}; {@link #NO_POSITION} if there is none left. */
    public int position() {
        return position;
    }

    /** What happened. */
    public TapeRow row() {
        return row;
    }

    /** The CPU. */
    public int cpu() {
        return (ints[at] >>> Tape.CPU_SHIFT) & Tape.CPU_MASK;
    }

    /** Instructions retired by all CPUs before it; what belongs to a call's exit stands behind the RET whose step it has. */
    public long step() {
        boolean isBehind = row == TapeRow.CALL_EXIT || (row == TapeRow.SHOWN && value(1) != 0);
        return base + position - (isBehind ? 1 : 0);
    }

    /** The address (offset in CS) of the instruction at which it happened. */
    public int eip() {
        return ints[at + 1];
    }

    /** What stands in a column of {@link #row}. */
    public int value(int column) {
        return ints[at + Tape.HEAD_INTS + column];
    }

    /** What stands in the column of a name; not for those who are in a hurry. */
    public int value(String column) {
        return value(row.columns().indexOf(column));
    }

    /** The text of a row, or what the listener appended. */
    public Object object() {
        return objects.get(value(row.columns().size() - 1));
    }
}
