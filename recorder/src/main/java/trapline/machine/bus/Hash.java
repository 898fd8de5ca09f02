package trapline.machine.bus;

/** Digests of machine states: equal states have equal ones. */
public final class Hash {
    private Hash() {}

    /** A hash of all that {@code hash} stands for and {@code value}. */
    public static long mix(long hash, long value) {
        long h = (hash ^ value) * 0x9e37_79b9_7f4a_7c15L;
        return h ^ (h >>> 29);
    }
}
