package trapline.machine.bus;

/** Instructions that were decoded from memory and have to be forgotten when their bytes change. */
public interface DecodedCode {

    /** Whether it was killed. */
    boolean isDead();

    /** Whether a store of {@code size} bytes at a physical address within one page hits its bytes. */
    boolean covers(int address, int size);

    /** Marks the dwords of its bytes that lie in a page, given by its number, as {@link PageMarks#CODE}. */
    void markIn(PageMarks marks, int page);

    /** The bytes changed: it must never run again. */
    void kill();
}
