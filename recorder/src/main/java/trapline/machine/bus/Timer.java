package trapline.machine.bus;

/** Is called back by the {@link AlarmClock} at a time that it asked for. */
@FunctionalInterface
public interface Timer {

    /**
     * The time has come. The alarm is off now; set it again for another.
     *
     * @param time what was asked for, in the clock's units
     */
    void fire(long time);
}
