package trapline.machine.tape;

import java.util.List;

/**
 * What a guest declared to be observed. An event names an entry by its index in {@link #entries()}.
 *
 * @param entries the declared objects, in the guest's order
 */
public record Observation(List<Entry> entries) {

    /** Nothing observed but EFLAGS, traps and the rest that needs no declaration. */
    public static final Observation NONE = new Observation(List.of());

    /** Copies the list. */
    public Observation {
        entries = List.copyOf(entries);
    }

    /** What a declared object is. */
    public enum Kind {
        /** A variable whose changes are reported. */
        VARIABLE,
        /** A function whose entries and exits are reported. */
        FUNCTION,
        /** Text whose reads and writes as data are reported. */
        TEXT,
        /** Such text of which it is reported, besides, when control arrives at an instruction in it. */
        SLOTS;

        boolean isText() {
            return this == TEXT || this == SLOTS;
        }
    }

    /**
     * One declared object: {@code count} elements, element i at linear address {@code address + i * stride}.
     *
     * @param kind what it is
     * @param address linear address of element 0
     * @param size bytes of one element: 1, 2 or 4 for variables, any for text; for functions what argument is a register
     *     image: 0 none, 1 the first (EAX), 2 the second (EDX)
     * @param stride distance of elements in bytes, 0 if there is only one
     * @param count number of elements, at least 1
     * @param name the declared name
     */
    public record Entry(Kind kind, int address, int size, int stride, int count, String name) {

        /** Checks sizes. */
        public Entry {
            if (count < 1 || size < 0 || (kind == Kind.VARIABLE && size != 1 && size != 2 && size != 4)) {
                throw new IllegalArgumentException("observed object " + name + ": size " + size + ", count " + count);
            }
        }
    }
}
