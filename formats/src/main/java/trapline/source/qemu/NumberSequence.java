package trapline.source.qemu;

import java.util.Arrays;

/**
 * The numbers of the records: one counter for all CPUs, from 0, raised after a record is written. CPUs that trap at the same
 * time print the same number, and the next one skips as many; so a number is never above the count of the records before
 * it unless some are missing, and on one CPU the numbers rise.
 */
final class NumberSequence {

    private static final int CPUS_MAX = 64;

    private final long[] bases = new long[CPUS_MAX];
    private final long[] lasts = new long[CPUS_MAX];
    private int cpus;
    private long records;

    /**
     * How many records are missing before one.
     *
     * @param number its number
     * @param taskBase tells its CPU from others
     * @return 0 for none, -1 if the numbers of the CPU do not rise: how many are missing is not known then
     */
    long missingBefore(long number, long taskBase) {
        int cpu = cpu(taskBase);
        boolean again = number <= lasts[cpu] || number < records - CPUS_MAX;
        if (again) {
            Arrays.fill(lasts, -1);
            records = number;
        }
        long missing = number - records;
        records = Math.max(records, number) + 1;
        lasts[cpu] = number;
        return again ? -1 : Math.max(missing, 0);
    }

    /** A record whose number was seen, but nothing else of it. */
    void torn() {
        records++;
    }

    private int cpu(long taskBase) {
        for (int i = 0; i < cpus; i++) {
            if (bases[i] == taskBase) {
                return i;
            }
        }
        if (cpus < CPUS_MAX) {
            bases[cpus] = taskBase;
            lasts[cpus] = -1;
            return cpus++;
        }
        return CPUS_MAX - 1;
    }
}
