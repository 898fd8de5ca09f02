package trapline.diff;

import java.util.Arrays;

/** The moments of one CPU of one run, as columns: what each means, and the events that it spans. */
final class Moments {

    private int[] meanings = new int[64];
    private long[] firstOrdinals = new long[64];
    private long[] lastOrdinals = new long[64];
    private int size;

    /**
     * @param meaning number that equal moments of both runs share
     * @param firstOrdinal ordinal of the event that opened it: for a return, that of the trap's entry
     * @param lastOrdinal ordinal of the event that ended it
     */
    void add(int meaning, long firstOrdinal, long lastOrdinal) {
        if (size == meanings.length) {
            meanings = Arrays.copyOf(meanings, size * 2);
            firstOrdinals = Arrays.copyOf(firstOrdinals, size * 2);
            lastOrdinals = Arrays.copyOf(lastOrdinals, size * 2);
        }
        meanings[size] = meaning;
        firstOrdinals[size] = firstOrdinal;
        lastOrdinals[size++] = lastOrdinal;
    }

    int size() {
        return size;
    }

    int meaning(int index) {
        return meanings[index];
    }

    long firstOrdinal(int index) {
        return firstOrdinals[index];
    }

    long lastOrdinal(int index) {
        return lastOrdinals[index];
    }
}
