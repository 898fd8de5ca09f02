package trapline.replay;

/**
 * Numbers other than 0 by address, without an object for any of them: an open hash table with linear probing. A number
 * can be replaced, not taken away.
 */
final class AddressMap {

    private static final int SLOTS_MIN = 1 << 6;

    /** Spreads neighbouring addresses, which most are, over the table. */
    private static final long HASH = 0x9e3779b97f4a7c15L;

    private long[] addresses;
    private int[] values;
    private int size;

    AddressMap() {
        addresses = new long[SLOTS_MIN];
        values = new int[SLOTS_MIN];
    }

    private AddressMap(AddressMap other) {
        addresses = other.addresses.clone();
        values = other.values.clone();
        size = other.size;
    }

    /** Takes the numbers in no particular order. */
    @FunctionalInterface
    interface Visitor {
        void visit(long address, int value);
    }

    AddressMap copy() {
        return new AddressMap(this);
    }

    /** How many addresses have a number. */
    int size() {
        return size;
    }

    /** The number of an address; 0 if it has none. */
    int get(long address) {
        return values[slot(address)];
    }

    /** Gives an address a number. */
    void put(long address, int value) {
        int slot = slot(address);
        if (values[slot] == 0) {
            size++;
            addresses[slot] = address;
        }
        values[slot] = value;
        if (size > values.length / 2) {
            grow();
        }
    }

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot] != 0) {
                visitor.visit(addresses[slot], values[slot]);
            }
        }
    }

    /** The place of an address, or the free one where it belongs. */
    private int slot(long address) {
        int mask = values.length - 1;
        int slot = (int) ((address * HASH) >>> 32) & mask;
        while (values[slot] != 0 && addresses[slot] != address) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        AddressMap larger = new AddressMap();
        larger.addresses = new long[2 * values.length];
        larger.values = new int[2 * values.length];
        forEach(larger::put);
        addresses = larger.addresses;
        values = larger.values;
    }
}
