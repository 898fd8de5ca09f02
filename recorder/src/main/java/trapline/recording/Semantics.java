package trapline.recording;

/**
 * The version of everything that decides which events a scenario gives: the machine, the linker's layout, the schedules,
 * the listener. A recipe names it, so that a recipe of another version is refused instead of giving other events. The
 * first change after a release that alters any run's events must raise it; what changes between two releases is one
 * version, since no recipe of the states between leaves the tree.
 *
 * <p>History: 1 (2026-11), not released yet.
 */
public final class Semantics {

    public static final int VERSION = 1;

    private Semantics() {}
}
