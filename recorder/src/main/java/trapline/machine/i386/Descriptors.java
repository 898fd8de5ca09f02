package trapline.machine.i386;

/** Descriptor tables: reading descriptors, and the checks of loading a segment register (Intel SDM vol. 2, MOV). */
final class Descriptors {
    private final Cpu cpu;
    int gdtBase;
    int gdtLimit = 0xffff;
    int idtBase;
    int idtLimit = 0xffff;

    /** The descriptor read last, as two dwords. */
    int low;

    int high;

    Descriptors(Cpu cpu) {
        this.cpu = cpu;
    }

    static boolean isNull(int selector) {
        return (selector & 0xfffc) == 0;
    }

    /** Reads the descriptor of a selector into {@link #low} and {@link #high}; false if it is outside its table. */
    boolean read(int selector) {
        int offset = selector & 0xfff8;
        int table;
        int tableLimit;
        if ((selector & 4) == 0) {
            table = gdtBase;
            tableLimit = gdtLimit;
        } else {
            Segments segments = cpu.seg;
            if ((segments.attributes[Segments.LDTR] & Segments.PRESENT) == 0) {
                return false;
            }
            table = segments.base[Segments.LDTR];
            tableLimit = segments.limit[Segments.LDTR];
        }
        if (Integer.compareUnsigned(offset + 7, tableLimit) > 0) {
            return false;
        }
        low = cpu.mmu.readSystem(table + offset, 4);
        high = cpu.mmu.readSystem(table + offset + 4, 4);
        return true;
    }

    /** As {@link #read}; raises {@code vector(selector)} where the table ends before. */
    void readOrFault(int selector, int vector, int external) {
        if (!read(selector)) {
            throw cpu.fault(vector, (selector & 0xfffc) | external);
        }
    }

    int attributes() {
        return Segments.attributesOf(high);
    }

    /** Sets bits in the access byte of a descriptor in memory: accessed, busy. */
    void setAccess(int selector, int bits) {
        if ((attributes() & bits) != bits) {
            high |= bits << 8;
            cpu.mmu.writeSystem(addressOf(selector) + 5, 1, high >>> 8);
        }
    }

    int addressOf(int selector) {
        int table = (selector & 4) == 0 ? gdtBase : cpu.seg.base[Segments.LDTR];
        return table + (selector & 0xfff8);
    }

    /** MOV/POP/LxS to ES, SS, DS, FS or GS. */
    void loadSegment(int segment, int selector) {
        if (cpu.hasParagraphs()) {
            cpu.seg.setReal(segment, selector);
        } else if (segment == Cpu.SS) {
            loadStack(selector, cpu.cpl, Fault.GP, 0);
        } else if (isNull(selector)) {
            cpu.seg.setNull(segment, selector);
        } else {
            loadData(segment, selector, Fault.GP, 0);
        }
        cpu.segmentsChanged();
    }

    /** Loads ES, DS, FS or GS with a selector that is not null; violations raise {@code vector}. */
    void loadData(int segment, int selector, int vector, int external) {
        int code = (selector & 0xfffc) | external;
        readOrFault(selector, vector, external);
        int attr = attributes();
        boolean conforming = Segments.isConformingCode(attr);
        int dpl = Segments.dplOf(attr);
        if (!Segments.isReadable(attr) || (!conforming && ((selector & 3) > dpl || cpu.cpl > dpl))) {
            throw cpu.fault(vector, code);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
        setAccess(selector, Segments.ACCESSED);
        cpu.seg.setFromDescriptor(segment, selector, low, high);
    }

    /** Loads SS for privilege level {@code cpl}; violations raise {@code vector}. */
    void loadStack(int selector, int cpl, int vector, int external) {
        checkStack(selector, cpl, vector, external);
        cpu.seg.setFromDescriptor(Cpu.SS, selector, low, high);
    }

    /** The checks of loading SS; leaves the descriptor in {@link #low} and {@link #high}. */
    void checkStack(int selector, int cpl, int vector, int external) {
        int code = (selector & 0xfffc) | external;
        if (isNull(selector)) {
            throw cpu.fault(vector, external);
        }
        readOrFault(selector, vector, external);
        int attr = attributes();
        if ((selector & 3) != cpl || Segments.dplOf(attr) != cpl || !Segments.isWritableData(attr)) {
            throw cpu.fault(vector, code);
        }
        if ((attr & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.SS, code);
        }
        setAccess(selector, Segments.ACCESSED);
    }

    /** LLDT. */
    void loadLdt(int selector) {
        if (isNull(selector)) {
            cpu.seg.setNull(Segments.LDTR, selector);
            return;
        }
        systemDescriptor(selector, 2);
        cpu.seg.setFromDescriptor(Segments.LDTR, selector, low, high);
    }

    /** LTR: the TSS (16 or 32 bits) must be available and becomes busy. */
    void loadTask(int selector) {
        if (isNull(selector)) {
            throw cpu.fault(Fault.GP, 0);
        }
        systemDescriptor(selector, -1);
        setAccess(selector, 2);
        cpu.seg.setFromDescriptor(Segments.TR, selector, low, high);
    }

    private void systemDescriptor(int selector, int type) {
        int code = selector & 0xfffc;
        if ((selector & 4) != 0 || !read(selector)) {
            throw cpu.fault(Fault.GP, code);
        }
        int found = attributes() & (Segments.TYPE | Segments.NORMAL);
        boolean right = type == -1 ? found == 1 || found == 9 : found == type;
        if (!right) {
            throw cpu.fault(Fault.GP, code);
        }
        if ((attributes() & Segments.PRESENT) == 0) {
            throw cpu.fault(Fault.NP, code);
        }
    }
}
