package trapline.diff;

import java.util.Arrays;

/** The moments of one CPU of one run, as columns: what each means, its event, and the trap that it happened in. */
final class Moments {

    private int[] meanings = new int[64];
    private long[] trapOrdinals = new long[64];
    private long[] ordinals = new long[64];
    private int size;

    /**
     * @param meaning number that equal moments of both runs share
     * @param trapOrdinal ordinal of the entry of the innermost trap around it; its own where there is none
     * @param ordinal ordinal of its event
     */
    void add(int meaning, long trapOrdinal, long ordinal) {
        if (size == meanings.length) {
            meanings = Arrays.copyOf(meanings, size * 2);
            trapOrdinals = Arrays.copyOf(trapOrdinals, size * 2);
            ordinals = Arrays.copyOf(ordinals, size * 2);
        }
        meanings[size] = meaning;
        trapOrdinals[size] = trapOrdinal;
        ordinals[size++] = ordinal;
    }

    int size() {
        return size;
    }

    int meaning(int index) {
        return meanings[index];
    }

    long trapOrdinal(int index) {
        return trapOrdinals[index];
    }

    long ordinal(int index) {
        return ordinals[index];
    }
}
