package trapline.machine.device;

/** Converts between the machine's clock and that of a device, with no overflow in any run. */
final class Frequency {
    private final long hertz;
    private final long clockHertz;

    /**
     * A device's clock.
     *
     * @param hertz its rate
     * @param clockHertz how many of the machine's instructions are a second
     */
    Frequency(long hertz, long clockHertz) {
        this.hertz = hertz;
        this.clockHertz = clockHertz;
    }

    /** The device's ticks up to a time of the machine. */
    long ticks(long time) {
        return time / clockHertz * hertz + time % clockHertz * hertz / clockHertz;
    }

    /** The first time of the machine at which so many of the device's ticks are over. */
    long time(long ticks) {
        long rest = ticks % hertz * clockHertz;
        return ticks / hertz * clockHertz + rest / hertz + (rest % hertz == 0 ? 0 : 1);
    }
}
