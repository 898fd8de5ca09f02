package trapline.diff;

/** The guest's code, where it can be had: what stands at an address, for people. */
@FunctionalInterface
public interface Code {

    /** No code: places are named by symbol and offset alone. */
    Code NONE = address -> "";

    /**
     * The instruction at an address and its source line.
     *
     * @param address linear address of an instruction
     * @return such as {@code cmpb $0xcc,(%ebx); jne ... [linux-2.6.24.c:37]}; empty where nothing is known
     */
    String at(long address);
}
