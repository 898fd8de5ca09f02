package trapline.checks;

import java.util.List;
import java.util.function.Supplier;

/** All built-in checks, in the order of the invariants. */
public final class Checks {

    private static final List<Supplier<Check>> MAKERS = List.of(
            TfRestored::new,
            IfRestored::new,
            StatusAutomaton::new,
            NoNestedReenter::new,
            CurrentBalanced::new,
            PreemptBalanced::new);

    private Checks() {}

    /** Fresh checks: each stream needs its own. */
    public static List<Check> all() {
        return MAKERS.stream().map(Supplier::get).toList();
    }

    /** What there is to know about each check. */
    public static List<CheckInfo> infos() {
        return all().stream().map(Check::info).toList();
    }
}
