package trapline.codec.passage;

/**
 * A stretch of a stream that has come more than once: the same events, each as many steps behind the one before it, from
 * the same state back to the same state. What tells its comings apart is noise:
 *
 * <ul>
 *   <li>when it came: step, icount, ordinal, and the numbers of trap frames, which go on from those before;
 *   <li>CF, PF, AF, ZF, SF and OF wherever EFLAGS are told, and the arithmetic EFLAGS writes themselves;
 *   <li>the second and third argument register of a call, which most functions do not have.
 * </ul>
 *
 * The state is that of {@link trapline.events.StreamState}, without the six flags and live frames, of which there are none
 * at either end.
 */
public final class Passage {

    private final int number;
    private final long[] content;

    Passage(int number, long[] content) {
        this.number = number;
        this.content = content;
    }

    /** Its number among {@link Passages}, from 0. */
    public int number() {
        return number;
    }

    /** The state at its begin, then its events: see {@link Recurrence}. */
    long[] content() {
        return content;
    }
}
