package trapline.machine.i386;

/**
 * Numbers for everything that instruction fetch depends on, so that strips which were decoded under the same circumstances
 * may be chained without a look-up.
 */
final class FetchContexts {
    private static final int CONTEXTS = 8;

    private final int[] bases = new int[CONTEXTS];
    private final int[] limits = new int[CONTEXTS];
    private final int[] modes = new int[CONTEXTS];
    private final long[] ids = new long[CONTEXTS];
    private int count;
    private long lastId;

    /** The number, in the high half, of a code segment and a mode. */
    long of(int base, int limit, int mode) {
        for (int i = 0; i < count; i++) {
            if (modes[i] == mode && bases[i] == base && limits[i] == limit) {
                return ids[i];
            }
        }
        if (count == CONTEXTS) {
            count = 0;
        }
        int slot = count++;
        bases[slot] = base;
        limits[slot] = limit;
        modes[slot] = mode;
        lastId = (lastId + (1L << 32)) & Long.MAX_VALUE;
        ids[slot] = lastId;
        return lastId;
    }

    /** Address translation changed: no strip may be entered without a look-up. */
    void forget() {
        count = 0;
    }
}
