package trapline.machine;

/** A captured machine state, see {@link Machine#capture}. Immutable. */
public final class Snapshot {
    Snapshot() {}
}
