package trapline.machine.i386;

/** Takes the stores of an instruction that is only tried, and shows them to its loads: see {@link Trial}. */
interface Overlay {

    /** Thrown where an instruction leaves what a trial can know. */
    final class Outside extends RuntimeException {
        private static final long serialVersionUID = 1;

        Outside() {
            super("depends on what is outside the CPU and its memory", null, false, false);
        }
    }

    /** A store within one page of memory; it changes nothing there. */
    void store(int linear, int physical, int size, int value);

    /** What a load gets: {@code inMemory}, but for bytes that were stored on trial. */
    int load(int physical, int size, int inMemory);
}
