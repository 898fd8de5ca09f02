package trapline.source.qemu;

import java.util.Collection;

/**
 * Numbers of CPUs. The log does not name the CPU of a trap, but each has a task state segment of its own; before a CPU has
 * loaded one it is the first, which boots.
 */
final class CpuNumbers {

    private final long[] bases;
    private int count;

    /**
     * Numbers CPUs by ascending address of their segments, others in the order in which they come.
     *
     * @param known addresses that are known to come
     * @param room for so many CPUs in all
     */
    CpuNumbers(Collection<Long> known, int room) {
        bases = new long[Math.max(room, 1)];
        known.stream().sorted(Long::compareUnsigned).limit(bases.length).forEach(base -> bases[count++] = base);
    }

    int room() {
        return bases.length;
    }

    /** The number of a trap's CPU, or -1 if there are more CPUs than room. */
    int of(TrapRecord trap) {
        if (trap.taskSelector == 0 || trap.taskBase == 0) {
            return 0;
        }
        for (int i = 0; i < count; i++) {
            if (bases[i] == trap.taskBase) {
                return i;
            }
        }
        if (count == bases.length) {
            return -1;
        }
        bases[count] = trap.taskBase;
        return count++;
    }
}
