package trapline.machine.i386;

/**
 * The segment registers with their hidden parts, LDTR and TR included, and the checks on accesses through them (Intel SDM
 * vol. 3A §3.4, §5.3–5.6).
 */
final class Segments {
    static final int LDTR = 6;
    static final int TR = 7;

    // Attributes as bits 8–23 of a descriptor's second dword, shifted down.
    static final int TYPE = 0xf;
    static final int ACCESSED = 1;
    /** Writable for data, readable for code. */
    static final int RW = 2;
    /** Expand-down for data, conforming for code. */
    static final int DOWN_OR_CONFORMING = 4;

    static final int CODE = 8;
    /** Code or data, not a system descriptor. */
    static final int NORMAL = 0x10;

    static final int PRESENT = 0x80;
    /** Default size 32 bits. */
    static final int BIG = 0x4000;

    private static final int GRANULAR = 0x8000;
    private static final int FLAT_DATA = PRESENT | NORMAL | RW | BIG;

    /** Of every segment in virtual-8086 mode: 16-bit data of ring 3 that can be executed. */
    private static final int VIRTUAL_8086 = PRESENT | 0x60 | NORMAL | RW | ACCESSED;

    private final Cpu cpu;
    final int[] selector = new int[8];
    final int[] base = new int[8];
    final int[] limit = new int[8];
    final int[] attributes = new int[8];

    Segments(Cpu cpu) {
        this.cpu = cpu;
    }

    static int baseOf(int low, int high) {
        return (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff00_0000);
    }

    static int limitOf(int low, int high) {
        int raw = (low & 0xffff) | (high & 0xf_0000);
        return (high >>> 8 & GRANULAR) != 0 ? (raw << 12) | 0xfff : raw;
    }

    static int attributesOf(int high) {
        return (high >>> 8) & 0xf0ff;
    }

    static int dplOf(int attributes) {
        return (attributes >>> 5) & 3;
    }

    static boolean isCode(int attributes) {
        return (attributes & (NORMAL | CODE)) == (NORMAL | CODE);
    }

    static boolean isConformingCode(int attributes) {
        return isCode(attributes) && (attributes & DOWN_OR_CONFORMING) != 0;
    }

    static boolean isWritableData(int attributes) {
        return (attributes & (NORMAL | CODE | RW)) == (NORMAL | RW);
    }

    static boolean isReadable(int attributes) {
        return (attributes & NORMAL) != 0 && ((attributes & CODE) == 0 || (attributes & RW) != 0);
    }

    void set(int segment, int newSelector, int newBase, int newLimit, int newAttributes) {
        selector[segment] = newSelector & 0xffff;
        base[segment] = newBase;
        limit[segment] = newLimit;
        attributes[segment] = newAttributes;
    }

    void setFromDescriptor(int segment, int newSelector, int low, int high) {
        set(segment, newSelector, baseOf(low, high), limitOf(low, high), attributesOf(high));
    }

    /**
     * What a selector load in real mode does: base and selector change, the rest stays. In virtual-8086 mode all of it is
     * given (SDM vol. 3A §20.2.1).
     */
    void setReal(int segment, int newSelector) {
        if (cpu.isVirtual8086()) {
            set(segment, newSelector, (newSelector & 0xffff) << 4, 0xffff, VIRTUAL_8086);
            return;
        }
        selector[segment] = newSelector & 0xffff;
        base[segment] = (newSelector & 0xffff) << 4;
        if (segment == Cpu.CS) {
            // in real mode code can be written through CS
            attributes[segment] = PRESENT | NORMAL | RW | ACCESSED;
            limit[segment] = 0xffff;
        } else if ((attributes[segment] & PRESENT) == 0) {
            attributes[segment] = PRESENT | NORMAL | RW | ACCESSED;
        }
    }

    /** The null selector, or a segment that is not usable any more. */
    void setNull(int segment, int newSelector) {
        set(segment, newSelector, 0, 0, 0);
    }

    /** Whether DS, ES and SS cover the whole address space, so that an offset is a linear address. */
    boolean isFlat() {
        return isFlat(Cpu.DS) && isFlat(Cpu.ES) && isFlat(Cpu.SS);
    }

    private boolean isFlat(int segment) {
        return base[segment] == 0
                && limit[segment] == -1
                && (attributes[segment] & (FLAT_DATA | CODE | DOWN_OR_CONFORMING)) == FLAT_DATA;
    }

    boolean isStackBig() {
        return (attributes[Cpu.SS] & BIG) != 0;
    }

    /**
     * The linear address of {@code offset} in a segment after the type and limit checks; raises #SS(0) or #GP(0).
     */
    int linear(int segment, int offset, int size, boolean write) {
        int attr = attributes[segment];
        boolean allowed = (attr & PRESENT) != 0 && (write ? isWritableData(attr) : isReadable(attr));
        if (!allowed || !isWithin(attr, limit[segment], offset, size)) {
            throw cpu.fault(segment == Cpu.SS ? Fault.SS : Fault.GP, 0);
        }
        return base[segment] + offset;
    }

    static boolean isWithin(int attributes, int limit, int offset, int size) {
        int last = offset + size - 1;
        if ((attributes & CODE) == 0 && (attributes & DOWN_OR_CONFORMING) != 0) {
            int top = (attributes & BIG) != 0 ? -1 : 0xffff;
            return Integer.compareUnsigned(offset, limit) > 0
                    && Integer.compareUnsigned(last, top) <= 0
                    && Integer.compareUnsigned(last, offset) >= 0;
        }
        return limit == -1 || (Integer.compareUnsigned(last, limit) <= 0 && Integer.compareUnsigned(last, offset) >= 0);
    }
}
