package trapline.machine.bus;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The time of the machine: retired instructions of all CPUs, and what was skipped while every CPU was halted. Timers ring at an
 * instruction boundary that depends on nothing else.
 */
public final class AlarmClock extends Clock implements Stateful {

    /** No alarm. */
    public static final long NEVER = Long.MAX_VALUE;

    private final LongSupplier steps;
    private final Runnable whenSooner;
    private Timer[] timers = new Timer[0];
    private long[] alarms = new long[0];
    private long next = NEVER;

    /**
     * A clock at 0.
     *
     * @param steps the instructions retired so far
     * @param whenSooner is called when the next alarm has become an earlier one
     */
    public AlarmClock(LongSupplier steps, Runnable whenSooner) {
        this.steps = steps;
        this.whenSooner = whenSooner;
    }

    /** Now. */
    public long now() {
        return steps.getAsLong() + skipped;
    }

    /**
     * Adds a timer, with no alarm set. Alarms of one time ring in the order in which their timers were added.
     *
     * @return its number
     */
    public int add(Timer timer) {
        int number = timers.length;
        timers = Arrays.copyOf(timers, number + 1);
        alarms = Arrays.copyOf(alarms, number + 1);
        timers[number] = timer;
        alarms[number] = NEVER;
        return number;
    }

    /** Sets the alarm of a timer, replacing the one before; one that is not after now rings at the next boundary. */
    public void set(int timer, long time) {
        alarms[timer] = time;
        long before = next;
        next = earliest();
        if (next < before) {
            whenSooner.run();
        }
    }

    /** When the alarm of a timer rings, or {@link #NEVER}. */
    public long alarm(int timer) {
        return alarms[timer];
    }

    /** How many instructions may retire before the next alarm; not positive if one is due. */
    public long stepsLeft() {
        return next == NEVER ? NEVER : next - now();
    }

    /** Rings everything that is due. */
    public void ring() {
        long now = now();
        while (next <= now) {
            int first = 0;
            while (alarms[first] != next) {
                first++;
            }
            long time = next;
            alarms[first] = NEVER;
            next = earliest();
            timers[first].fire(time);
        }
    }

    /**
     * Goes to the next alarm with nothing retired, because no CPU has anything to do.
     *
     * @return false if no alarm is set
     */
    public boolean skip() {
        if (next == NEVER) {
            return false;
        }
        skipped += Math.max(0, stepsLeft());
        return true;
    }

    private long earliest() {
        long result = NEVER;
        for (long alarm : alarms) {
            result = Math.min(result, alarm);
        }
        return result;
    }

    @Override
    public void save(StateWriter out) {
        out.i64(skipped);
        for (long alarm : alarms) {
            out.i64(alarm);
        }
    }

    @Override
    public void load(StateReader in) {
        skipped = in.i64();
        for (int i = 0; i < alarms.length; i++) {
            alarms[i] = in.i64();
        }
        next = earliest();
        whenSooner.run();
    }
}
