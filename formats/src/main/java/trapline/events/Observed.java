package trapline.events;

/**
 * One row of the observation table: what a guest declares to be observed.
 *
 * @param kind what it is
 * @param name as in the guest's table; for a variable the kernel's name ({@code kprobe_status}), for a user handler
 *     {@code pre_handler:} and the probe's name
 * @param address of the first object, linear
 * @param size of one object in bytes
 * @param stride from one CPU's object to the next in bytes; 0 for a global object; of {@code insn_slots} the bytes of a
 *     slot, 0 for 16
 * @param count number of objects; object i belongs to CPU i unless count is 1
 */
public record Observed(ObservedKind kind, String name, long address, int size, int stride, int count) {

    /** A row; its name is shown as {@link Visible#line} does. */
    public Observed {
        name = Visible.line(name);
    }

    /**
     * The address of one object.
     *
     * @param element from 0
     */
    public long addressOf(int element) {
        return address + (long) element * stride;
    }
}
