package trapline.machine;

/**
 * What a PC around the CPUs depends on.
 *
 * @param clockHertz how many instructions are a second of its timers; at least a million, or guests that wait for a timer wait
 *     for nothing
 * @param startSeconds what its clock shows at the start, in seconds since 1970, UTC
 */
public record PcPlan(long clockHertz, long startSeconds) {

    /** A hundred million instructions a second, from 2008-01-01 00:00:00 on. */
    public static final PcPlan DEFAULT = new PcPlan(100_000_000, 1_199_145_600);

    /** Checks the values. */
    public PcPlan {
        if (clockHertz < 1_000_000 || clockHertz > 1_000_000_000_000L) {
            throw new IllegalArgumentException("clock rate must be 1 MHz to 1 THz, not " + clockHertz + " Hz");
        }
    }
}
