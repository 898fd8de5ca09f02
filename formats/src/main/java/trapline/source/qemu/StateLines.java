package trapline.source.qemu;

/**
 * The lines of a CPU state. A state is whole if each of its lines has come once, and each of those that are read was well
 * formed; the segments in front of TR and the last lines are only counted.
 */
final class StateLines {

    private static final int GENERAL_64 = 0b1111;
    private static final int GENERAL_32 = 0b11;
    private static final int IP = 1 << 4;
    private static final int SEGMENTS = 0b111111 << 5;
    private static final int LDT = 1 << 11;
    private static final int TASK = 1 << 12;
    private static final int GDT = 1 << 13;
    private static final int IDT = 1 << 14;
    private static final int CONTROL = 1 << 15;
    private static final int DEBUG = 1 << 16;
    private static final int DEBUG_STATUS = 1 << 17;
    private static final int REST = IP | SEGMENTS | LDT | TASK | GDT | IDT | CONTROL | DEBUG | DEBUG_STATUS;

    /** Places of the registers in the order in which the lines of 64-bit code have them. */
    private static final int[] ORDER_64 = {0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};

    private static final int[] ORDER_32 = {0, 3, 1, 2, 6, 7, 5, 4};

    private final TrapRecord state;
    private final long[] values = new long[4];
    private boolean open;
    private boolean last;
    private boolean good;
    private int seen;

    StateLines(TrapRecord state) {
        this.state = state;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether the line that was taken ends a state. */
    boolean isLast() {
        return last;
    }

    /** Whether a line is the first of a CPU state. */
    boolean begins(byte[] bytes, int from, int to) {
        return to - from > 4
                && (bytes[from] == 'R' || bytes[from] == 'E')
                && bytes[from + 1] == 'A'
                && bytes[from + 2] == 'X'
                && bytes[from + 3] == '=';
    }

    /** Takes the first line. */
    void begin(byte[] bytes, int from, int to) {
        open = true;
        last = false;
        seen = 0;
        state.wide = bytes[from] == 'R';
        java.util.Arrays.fill(state.registers, 0);
        good = true;
        general(0, bytes, from, to);
    }

    /** Ends the state; whether it is whole. */
    boolean end() {
        open = false;
        return good && seen == ((state.wide ? GENERAL_64 : GENERAL_32) | REST);
    }

    /** Takes another line; false if it is no part of a CPU state. */
    boolean take(byte[] bytes, int from, int to) {
        if (to - from < 4) {
            return false;
        }
        int key = bytes[from] << 16 | bytes[from + 1] << 8 | bytes[from + 2];
        switch (key) {
            case 'R' << 16 | 'S' << 8 | 'I', 'E' << 16 | 'S' << 8 | 'I' -> general(1, bytes, from, to);
            case 'R' << 16 | '8' << 8 | ' ' -> general(2, bytes, from, to);
            case 'R' << 16 | '1' << 8 | '2' -> general(3, bytes, from, to);
            case 'R' << 16 | 'I' << 8 | 'P', 'E' << 16 | 'I' << 8 | 'P' -> ip(bytes, from, to);
            case 'E' << 16 | 'S' << 8 | ' ' -> mark(5);
            case 'C' << 16 | 'S' << 8 | ' ' -> mark(6);
            case 'S' << 16 | 'S' << 8 | ' ' -> mark(7);
            case 'D' << 16 | 'S' << 8 | ' ' -> mark(8);
            case 'F' << 16 | 'S' << 8 | ' ' -> mark(9);
            case 'G' << 16 | 'S' << 8 | ' ' -> mark(10);
            case 'L' << 16 | 'D' << 8 | 'T' -> mark(11);
            case 'T' << 16 | 'R' << 8 | ' ' -> taskRegister(bytes, from, to);
            case 'G' << 16 | 'D' << 8 | 'T' -> mark(13);
            case 'I' << 16 | 'D' << 8 | 'T' -> mark(14);
            case 'C' << 16 | 'R' << 8 | '0' -> control(bytes, from, to);
            case 'D' << 16 | 'R' << 8 | '0' -> mark(16);
            case 'D' << 16 | 'R' << 8 | '6' -> debugStatus(bytes, from, to);
            case 'C' << 16 | 'C' << 8 | 'S' -> {
                // QEMU's own lazy flags.
            }
            case 'E' << 16 | 'F' << 8 | 'E' -> last = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void mark(int line) {
        good &= (seen & 1 << line) == 0;
        seen |= 1 << line;
    }

    private void general(int line, byte[] bytes, int from, int to) {
        mark(line);
        good &= pairs(bytes, from, to) == 4;
        int[] order = state.wide ? ORDER_64 : ORDER_32;
        for (int i = 0; i < 4 && line * 4 + i < order.length; i++) {
            state.registers[order[line * 4 + i]] = values[i];
        }
    }

    /** {@code RIP=… RFL=… […] CPL=…}. */
    private void ip(byte[] bytes, int from, int to) {
        mark(4);
        good &= pairs(bytes, from, to) == 2;
        state.stateIp = values[0];
        state.flags = values[1];
        int cpl = indexOf(bytes, from, to, "CPL=");
        good &= cpl >= 0 && cpl < to;
        state.stateCpl = good ? Ascii.digit(bytes[cpl]) : 0;
    }

    /** {@code TR =selector base limit flags …}. */
    private void taskRegister(byte[] bytes, int from, int to) {
        mark(12);
        good &= task(bytes, from, to, state);
    }

    /** Reads the task register; false, and nothing read, if the line is torn. */
    static boolean task(byte[] bytes, int from, int to, TrapRecord into) {
        int end = Ascii.hexEnd(bytes, from + 4, to);
        int baseEnd = end < to ? Ascii.hexEnd(bytes, end + 1, to) : end;
        boolean whole = end > from + 4 && end < to && bytes[end] == ' ' && baseEnd > end + 1 && baseEnd < to;
        if (whole) {
            into.taskSelector = (int) Ascii.hex(bytes, from + 4, end);
            into.taskBase = Ascii.hex(bytes, end + 1, baseEnd);
        }
        return whole;
    }

    private void control(byte[] bytes, int from, int to) {
        mark(15);
        good &= pairs(bytes, from, to) == 4;
        state.cr2 = values[1];
    }

    private void debugStatus(byte[] bytes, int from, int to) {
        mark(17);
        good &= pairs(bytes, from, to) == 2;
        state.dr6 = values[0] & 0xffffffffL;
    }

    /** Reads {@code KEY=hex KEY=hex …}, keys of three letters; how many there are, up to four. */
    private int pairs(byte[] bytes, int from, int to) {
        int at = from;
        int count = 0;
        while (count < 4 && at + 4 < to && bytes[at + 3] == '=') {
            int end = Ascii.hexEnd(bytes, at + 4, to);
            if (end == at + 4) {
                break;
            }
            values[count++] = Ascii.hex(bytes, at + 4, end);
            if (end < to && bytes[end] != ' ') {
                return -1;
            }
            at = end + 1;
        }
        return count;
    }

    private static int indexOf(byte[] bytes, int from, int to, String word) {
        for (int at = from; at + word.length() < to; at++) {
            if (Ascii.startsWith(bytes, at, to, word)) {
                return at + word.length();
            }
        }
        return -1;
    }
}
