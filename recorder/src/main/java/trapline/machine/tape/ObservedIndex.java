package trapline.machine.tape;

import java.util.Arrays;

/**
 * Finds the observed variables in a dword of physical memory: a hash table from dwords to chains of elements. A guest
 * declares some hundred variables that lie side by side, and a kernel stores to one of them every few instructions.
 */
final class ObservedIndex {
    private static final int NONE = -1;

    private final int[] dwords;
    private final int[] heads;
    private final int[] elements;
    private final int[] nexts;
    private int nodes;

    /**
     * An empty index.
     *
     * @param nodesMax the most pairs of an element and a dword that it is in
     */
    ObservedIndex(int nodesMax) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, nodesMax)) << 2);
        dwords = new int[slots];
        heads = new int[slots];
        elements = new int[nodesMax];
        nexts = new int[nodesMax];
        clear();
    }

    void clear() {
        Arrays.fill(heads, NONE);
        nodes = 0;
    }

    /** Enters an element; those entered last come first. */
    void add(int element, int physical, int size) {
        int last = (physical + size - 1) >>> 2;
        for (int dword = physical >>> 2; dword <= last; dword++) {
            int slot = slot(dword);
            dwords[slot] = dword;
            elements[nodes] = element;
            nexts[nodes] = heads[slot];
            heads[slot] = nodes++;
        }
    }

    private int slot(int dword) {
        int mask = heads.length - 1;
        int slot = ((dword * 0x9e3779b1) >>> 7) & mask;
        while (heads[slot] != NONE && dwords[slot] != dword) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The first node of a dword, or a negative number. */
    int first(int dword) {
        return heads[slot(dword)];
    }

    /** The node behind a node, or a negative number. */
    int next(int node) {
        return nexts[node];
    }

    int element(int node) {
        return elements[node];
    }
}
