package trapline.events;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.Switch;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;

/**
 * What a stream of events implies at a point of it, and nothing about kprobes: the running CPU, each CPU's EFLAGS,
 * retired instructions and live trap frames, and the declared variables.
 *
 * <pre>
 * stream
 * ├─ step, running CPU
 * ├─ cpu[0..]
 * │   ├─ eflags          last eflags_write that is not a frame's
 * │   ├─ icount          instructions retired on this CPU
 * │   └─ frame[0..depth) outermost first: id, vector, ip, eflags image
 * └─ variable[row][element]
 * </pre>
 *
 * The block codec writes this state at the start of each block, so that a reader can start at any block. Writer and
 * reader keep it with this one class.
 */
public final class StreamState {

    /** Live frames that are kept for each CPU; of deeper nesting the outermost frames are forgotten. */
    public static final int FRAMES_MAX = 64;

    /** The longs that are kept for each frame. */
    private static final int FRAME_LONGS = 4;

    private static final int FRAME_ID = 0;
    private static final int FRAME_VECTOR = 1;
    private static final int FRAME_IP = 2;
    private static final int FRAME_EFLAGS = 3;

    private final int[] eflags;
    private final int[] depth;
    private final long[][] frames;
    private final long[] icountAtSwitch;
    /** The elements of all rows, one row behind the other. */
    private final long[] variables;

    /** Where the elements of each row begin; at the end their number. */
    private final int[] rows;

    private long step;
    private long switchStep;
    private int running;

    /**
     * The state before the first event.
     *
     * @param cpus number of CPUs, at least 1
     * @param observed the observation table, which sizes the variables
     */
    public StreamState(int cpus, List<Observed> observed) {
        eflags = new int[cpus];
        Arrays.fill(eflags, Eflags.FIXED);
        depth = new int[cpus];
        frames = new long[cpus][FRAMES_MAX * FRAME_LONGS];
        icountAtSwitch = new long[cpus];
        rows = new int[observed.size() + 1];
        for (int row = 0; row < observed.size(); row++) {
            rows[row + 1] = rows[row] + Math.max(1, observed.get(row).count());
        }
        variables = new long[rows[observed.size()]];
    }

    private StreamState(StreamState other) {
        eflags = other.eflags.clone();
        depth = other.depth.clone();
        frames = new long[other.frames.length][];
        Arrays.setAll(frames, cpu -> other.frames[cpu].clone());
        icountAtSwitch = other.icountAtSwitch.clone();
        variables = other.variables.clone();
        rows = other.rows;
        step = other.step;
        switchStep = other.switchStep;
        running = other.running;
    }

    /** A copy that goes its own way. */
    public StreamState copy() {
        return new StreamState(this);
    }

    /** Number of CPUs. */
    public int cpus() {
        return eflags.length;
    }

    /** The CPU that runs. */
    public int runningCpu() {
        return running;
    }

    /** Step of the last event. */
    public long step() {
        return step;
    }

    /**
     * EFLAGS of a CPU.
     *
     * @param cpu CPU number
     */
    public int eflags(int cpu) {
        return eflags[cpu];
    }

    /**
     * Instructions retired on a CPU.
     *
     * @param cpu CPU number
     */
    public long icount(int cpu) {
        return cpu == running ? icountAtSwitch[cpu] + (step - switchStep) : icountAtSwitch[cpu];
    }

    /**
     * Number of live trap frames.
     *
     * @param cpu CPU number
     */
    public int frameDepth(int cpu) {
        return depth[cpu];
    }

    /**
     * Id of a live frame.
     *
     * @param cpu CPU number
     * @param level 0 is the outermost
     */
    public long frameId(int cpu, int level) {
        return frames[cpu][level * FRAME_LONGS + FRAME_ID];
    }

    /**
     * Vector of the trap that made a live frame.
     *
     * @param cpu CPU number
     * @param level 0 is the outermost
     */
    public int frameVector(int cpu, int level) {
        return (int) frames[cpu][level * FRAME_LONGS + FRAME_VECTOR];
    }

    /**
     * The ip that was pushed into a live frame.
     *
     * @param cpu CPU number
     * @param level 0 is the outermost
     */
    public long frameIp(int cpu, int level) {
        return frames[cpu][level * FRAME_LONGS + FRAME_IP];
    }

    /**
     * The saved EFLAGS image of a live frame as it is now.
     *
     * @param cpu CPU number
     * @param level 0 is the outermost
     */
    public int frameEflags(int cpu, int level) {
        return (int) frames[cpu][level * FRAME_LONGS + FRAME_EFLAGS];
    }

    /**
     * The level of a live frame.
     *
     * @param cpu CPU number
     * @param id frame id
     * @return its level, or -1 where no live frame has that id
     */
    public int frameLevel(int cpu, long id) {
        for (int level = depth[cpu] - 1; level >= 0; level--) {
            if (frameId(cpu, level) == id) {
                return level;
            }
        }
        return -1;
    }

    /**
     * A declared variable's value.
     *
     * @param variable row of the observation table
     * @param element object of that row
     * @return the value last stored, 0 before the first store; 0 for a row or element that is not declared
     */
    public long variable(int variable, int element) {
        return isDeclared(variable, element) ? variables[rows[variable] + element] : 0;
    }

    private boolean isDeclared(int variable, int element) {
        return variable >= 0
                && variable < rows.length - 1
                && element >= 0
                && element < rows[variable + 1] - rows[variable];
    }

    /** How many variables are declared: elements of all rows. */
    public int variables() {
        return variables.length;
    }

    /**
     * Tells the values of all declared variables.
     *
     * @param to takes {@link #variables()} values: the elements of each row of the table, in its order
     */
    public void copyVariables(long[] to) {
        System.arraycopy(variables, 0, to, 0, variables.length);
    }

    /** Whether all declared variables have the values that {@link #copyVariables} told. */
    public boolean hasVariables(long[] told) {
        return Arrays.equals(variables, told);
    }

    /**
     * Whether the state has a CPU of that number.
     *
     * @param cpu CPU number
     */
    public boolean hasCpu(int cpu) {
        return cpu >= 0 && cpu < eflags.length;
    }

    /**
     * The short form of {@link #apply(Event)} for an EFLAGS write of an instruction.
     *
     * @param cpu CPU number
     * @param atStep step of the event
     * @param now EFLAGS after it
     */
    public void applyFlags(int cpu, long atStep, int now) {
        step = atStep;
        eflags[cpu] = now;
    }

    /**
     * Moves the state past an event.
     *
     * @param event an event whose CPU exists
     */
    public void apply(Event event) {
        step = event.step();
        int cpu = event.cpu();
        switch (event.kind()) {
            case EFLAGS_WRITE -> applyEflags(cpu, event);
            case TRAP_ENTRY -> pushFrame(cpu, event);
            case TRAP_EXIT -> closeFrame(cpu, event.value(TrapExit.FRAME));
            case KPROBE_STATUS, CURRENT_KPROBE, WATCH -> applyVariable(event);
            case SWITCH -> switchTo((int) event.value(Switch.TO));
            default -> {
                // The other kinds change nothing that is kept here.
            }
        }
    }

    private void applyEflags(int cpu, Event event) {
        if (event.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code()) {
            eflags[cpu] = event.intValue(EflagsWrite.NEW);
            return;
        }
        int level = frameLevel(cpu, event.value(EflagsWrite.FRAME));
        if (level >= 0) {
            frames[cpu][level * FRAME_LONGS + FRAME_EFLAGS] = event.value(EflagsWrite.NEW);
        }
    }

    private void pushFrame(int cpu, Event event) {
        long[] stack = frames[cpu];
        if (depth[cpu] == FRAMES_MAX) {
            System.arraycopy(stack, FRAME_LONGS, stack, 0, stack.length - FRAME_LONGS);
            depth[cpu]--;
        }
        int at = depth[cpu]++ * FRAME_LONGS;
        stack[at + FRAME_ID] = event.value(TrapEntry.FRAME);
        stack[at + FRAME_VECTOR] = event.value(TrapEntry.VECTOR);
        stack[at + FRAME_IP] = event.value(TrapEntry.IP);
        stack[at + FRAME_EFLAGS] = event.value(TrapEntry.EFLAGS);
    }

    private void closeFrame(int cpu, long id) {
        int level = frameLevel(cpu, id);
        if (level >= 0) {
            depth[cpu] = level;
        }
    }

    private void applyVariable(Event event) {
        int variable = event.intValue(Variable.VARIABLE);
        int element = event.intValue(Variable.ELEMENT);
        if (isDeclared(variable, element)) {
            variables[rows[variable] + element] = event.value(Variable.NEW);
        }
    }

    private void switchTo(int cpu) {
        icountAtSwitch[running] = icount(running);
        switchStep = step;
        if (hasCpu(cpu)) {
            running = cpu;
        }
    }

    /**
     * Hands out the state as numbers: step, switch step, running CPU; for each CPU eflags, icount at the last switch,
     * depth and the longs of its live frames; each variable's elements in the order of the table.
     *
     * @param out takes the numbers in order
     */
    public void save(LongConsumer out) {
        out.accept(step);
        out.accept(switchStep);
        out.accept(running);
        for (int cpu = 0; cpu < eflags.length; cpu++) {
            out.accept(eflags[cpu]);
            out.accept(icountAtSwitch[cpu]);
            out.accept(depth[cpu]);
            for (int i = 0; i < depth[cpu] * FRAME_LONGS; i++) {
                out.accept(frames[cpu][i]);
            }
        }
        for (long element : variables) {
            out.accept(element);
        }
    }

    /** How many numbers {@link #save} hands out at the most. */
    public int numbersMax() {
        return 3 + eflags.length * (3 + FRAMES_MAX * FRAME_LONGS) + variables.length;
    }

    /**
     * Takes the state from numbers that {@link #save} made for the same number of CPUs and the same table.
     *
     * @param numbers the numbers
     * @param count how many of them there are
     * @return false where they do not fit; the state is then undefined
     */
    public boolean load(long[] numbers, int count) {
        int at = 3;
        if (count < at || numbers[2] < 0 || numbers[2] >= eflags.length) {
            return false;
        }
        step = numbers[0];
        switchStep = numbers[1];
        running = (int) numbers[2];
        for (int cpu = 0; cpu < eflags.length; cpu++) {
            if (count - at < 3 || numbers[at + 2] < 0 || numbers[at + 2] > FRAMES_MAX) {
                return false;
            }
            eflags[cpu] = (int) numbers[at];
            icountAtSwitch[cpu] = numbers[at + 1];
            depth[cpu] = (int) numbers[at + 2];
            at += 3;
            int longs = depth[cpu] * FRAME_LONGS;
            if (count - at < longs) {
                return false;
            }
            System.arraycopy(numbers, at, frames[cpu], 0, longs);
            at += longs;
        }
        if (count - at != variables.length) {
            return false;
        }
        System.arraycopy(numbers, at, variables, 0, variables.length);
        return true;
    }
}
