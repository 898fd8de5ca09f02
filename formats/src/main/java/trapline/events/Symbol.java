package trapline.events;

/**
 * A symbol of the guest image.
 *
 * @param name as in the object's symbol table
 * @param address linear address
 * @param size in bytes; 0 if the object does not say
 */
public record Symbol(String name, long address, long size) {

    /** A symbol; its name is shown as {@link Visible#line} does. */
    public Symbol {
        name = Visible.line(name);
    }
}
