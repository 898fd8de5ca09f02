package trapline.replay;

/** A stream in two parts, for tests of what takes part in a replay: the second knows nothing but what the first remembers. */
public final class TwoParts {

    private TwoParts() {}

    /**
     * Begins the second part where the first stands.
     *
     * @param second has seen nothing yet
     * @return false where the first cannot tell all that matters: something is open, or it has found something
     */
    public static boolean goOn(Replay first, Replay second) {
        Junction junction = first.certain() ? first.junction(null) : null;
        if (junction == null) {
            return false;
        }
        second.goOn(junction, first.state().stream().copy());
        return true;
    }

    /** Adds what was counted in the second part to what was counted in the first. */
    public static void add(Replay first, Replay second) {
        first.add(second, 1);
    }
}
