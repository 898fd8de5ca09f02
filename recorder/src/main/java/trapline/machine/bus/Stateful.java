package trapline.machine.bus;

/**
 * A part of a machine that has state: what it saves is all that a run depends on, so that a run which goes on from a loaded
 * state equals one that was never interrupted.
 */
public interface Stateful {

    /** Writes everything; {@link #load} reads it in the same order. */
    void save(StateWriter out);

    /**
     * Takes over what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is not the state of such a part
     */
    void load(StateReader in);
}
