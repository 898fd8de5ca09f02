package trapline.checks;

import java.util.List;
import java.util.function.Supplier;

/** All built-in checks, in the order of the invariants. */
public final class Checks {

    private static final List<Supplier<Check>> MAKERS = List.of(
            TfRestored::new,
            IfRestored::new,
            StepContext::new,
            FlagShadow::new,
            StatusCoupled::new,
            StatusAutomaton::new,
            NoNestedReenter::new,
            PrevLifo::new,
            CurrentBalanced::new,
            PreemptBalanced::new,
            NoInterrupts::new,
            HandlersSuppressed::new,
            NmissedCounted::new,
            EipAfterStep::new,
            ReturnAddress::new,
            VanishedUntouched::new,
            FaultCancel::new,
            ExactlyOnce::new,
            PostView::new,
            Int3Ownership::new,
            DbOwnership::new,
            FaultOwnership::new,
            TextRestored::new,
            ArmOrder::new,
            SlotLife::new,
            SlotStable::new,
            JprobeRestored::new,
            KretprobeCurrent::new,
            InstanceCleared::new,
            CriticalPath::new,
            DebugState::new,
            BoundedNesting::new,
            UserIsolation::new,
            GateEntry::new,
            BoostPure::new,
            GlobalDisable::new,
            Int3Progress::new,
            Transparency::new);

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
