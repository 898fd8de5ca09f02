package trapline.record;

/**
 * The version of everything that decides which events a scenario gives: the machine, the linker's layout, the schedules,
 * the listener. A recipe names it; a change that alters any run's events must raise it.
 *
 * <p>History: 1 (2026-11) first.
 */
final class Semantics {

    static final int VERSION = 1;

    private Semantics() {}
}
