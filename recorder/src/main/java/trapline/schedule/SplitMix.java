package trapline.schedule;

/**
 * The one source of randomness: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA
 * 2014). Written out, because a recipe has to give the same run on every JDK for ever.
 */
public final class SplitMix {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /**
     * A generator.
     *
     * @param seed any number; equal seeds give equal sequences
     */
    public SplitMix(long seed) {
        state = seed;
    }

    /** The next 64 bits. */
    public long next() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /**
     * A number below a bound. The bias of the modulus is below 2^-32 for every bound used here.
     *
     * @param bound at least 1
     * @return 0 up to {@code bound - 1}
     */
    public long below(long bound) {
        return Long.remainderUnsigned(next(), bound);
    }

    /** Where in its sequence it is; a generator made with it as a seed goes on from there. */
    public long position() {
        return state;
    }

    /** Goes on from a {@link #position()}. */
    void goTo(long position) {
        state = position;
    }
}
