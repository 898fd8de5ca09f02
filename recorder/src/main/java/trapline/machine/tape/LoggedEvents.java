package trapline.machine.tape;

/**
 * Events that the machine wrote down for another thread while it filled a {@link FlagLog}: a copy, and how far it has been
 * read. Entries are as {@link EventLog} says.
 */
public final class LoggedEvents {
    /** The position behind all others. */
    public static final int NO_POSITION = Integer.MAX_VALUE;

    private int[] ints = new int[0];
    private int size;
    private int at;
    private long base;
    private int position = NO_POSITION;

    /** Copies what a log has. */
    public void copy(FlagLog log) {
        size = log.events.size();
        if (ints.length < size) {
            ints = new int[2 * size];
        }
        log.events.copy(ints);
    }

    /** Goes to the first event. */
    public void rewind() {
        at = 0;
        advance(0);
    }

    /** Position of the next event in the log, see {@link FlagLog}; {@link #NO_POSITION} if there is none. */
    public int position() {
        return position;
    }

    /** Whether the listener was told the next event at once, when it happened. */
    public boolean isTold() {
        return (ints[at] & EventLog.CODE_MASK) == EventLog.TOLD;
    }

    /** Leaves out an event that the listener was told at once. */
    public void skipTold() {
        advance(1);
    }

    private void advance(int by) {
        at += by;
        while (at < size && (ints[at] & EventLog.CODE_MASK) == EventLog.BASE) {
            base = ((long) ints[at + 1] << 32) | (ints[at + 2] & 0xffff_ffffL);
            at += 3;
        }
        position = at < size ? ints[at] >>> EventLog.POSITION_SHIFT : NO_POSITION;
    }

    /** Tells the next event. */
    public void tell(MachineListener to) {
        int head = ints[at];
        int cpu = (head >>> EventLog.CPU_SHIFT) & EventLog.CPU_MASK;
        long step = base + (head >>> EventLog.POSITION_SHIFT);
        switch (head & EventLog.CODE_MASK) {
            case EventLog.EFLAGS_WRITE -> tellEflagsWrite(to, cpu, step, at + 1);
            case EventLog.FRAME_WRITE -> tellFrameWrite(to, cpu, step, at + 1);
            case EventLog.TRAP_ENTRY -> tellTrapEntry(to, cpu, step, at + 1);
            case EventLog.TRAP_EXIT -> tellTrapExit(to, cpu, step, at + 1);
            case EventLog.VARIABLE -> tellVariable(to, cpu, step, at + 1);
            case EventLog.CALL_ENTRY -> tellCallEntry(to, cpu, step, at + 1);
            case EventLog.CALL_EXIT -> tellCallExit(to, cpu, step - 1, at + 1);
            case EventLog.TEXT_READ -> tellTextRead(to, cpu, step, at + 1);
            case EventLog.TEXT_WRITE -> tellTextWrite(to, cpu, step, at + 1);
            case EventLog.SHOWN -> tellShown(to, cpu, step, at + 1);
            case EventLog.TEXT_RUN -> tellTextRun(to, cpu, step, at + 1);
            case EventLog.STACK_WRITE -> tellStackWrite(to, cpu, step, at + 1);
            default -> throw new IllegalStateException("told already");
        }
    }

    private void tellEflagsWrite(MachineListener to, int cpu, long step, int k) {
        to.eflagsWrite(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3]);
        advance(5);
    }

    private void tellFrameWrite(MachineListener to, int cpu, long step, int k) {
        to.frameWrite(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3]);
        advance(5);
    }

    private void tellTrapEntry(MachineListener to, int cpu, long step, int k) {
        to.trapEntry(
                cpu,
                step,
                ints[k],
                ints[k + 1],
                ints[k + 2],
                ints[k + 3],
                ints[k + 4],
                ints[k + 5],
                ints[k + 6],
                ints[k + 7],
                ints[k + 8],
                ints[k + 9],
                ints[k + 10]);
        advance(12);
    }

    private void tellTrapExit(MachineListener to, int cpu, long step, int k) {
        to.trapExit(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4], ints[k + 5]);
        advance(7);
    }

    private void tellVariable(MachineListener to, int cpu, long step, int k) {
        to.variable(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4]);
        advance(6);
    }

    private void tellCallEntry(MachineListener to, int cpu, long step, int k) {
        to.callEntry(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4], ints[k + 5]);
        advance(7);
    }

    private void tellCallExit(MachineListener to, int cpu, long step, int k) {
        to.callExit(cpu, step, ints[k], ints[k + 1], ints[k + 2]);
        advance(4);
    }

    private void tellTextRead(MachineListener to, int cpu, long step, int k) {
        to.textRead(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4]);
        advance(6);
    }

    private void tellTextWrite(MachineListener to, int cpu, long step, int k) {
        to.textWrite(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4], ints[k + 5], ints[k + 6]);
        advance(8);
    }

    private void tellShown(MachineListener to, int cpu, long step, int k) {
        boolean leaving = ints[k + 2] != 0;
        to.shown(
                cpu,
                leaving ? step - 1 : step,
                ints[k],
                ints[k + 1],
                leaving,
                ints[k + 3],
                ints[k + 4],
                ints[k + 5],
                ints[k + 6],
                ints[k + 7],
                ints[k + 8],
                ints[k + 9]);
        advance(11);
    }

    private void tellTextRun(MachineListener to, int cpu, long step, int k) {
        to.textRun(cpu, step, ints[k], ints[k + 1]);
        advance(3);
    }

    private void tellStackWrite(MachineListener to, int cpu, long step, int k) {
        to.stackWrite(cpu, step, ints[k], ints[k + 1], ints[k + 2], ints[k + 3], ints[k + 4], ints[k + 5]);
        advance(7);
    }
}
