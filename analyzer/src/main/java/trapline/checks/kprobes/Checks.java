package trapline.checks.kprobes;

import java.util.List;
import java.util.function.Supplier;
import trapline.checks.Check;
import trapline.checks.CheckInfo;

/** All built-in checks, in the order of the invariants. */
public final class Checks {

    private static final List<Supplier<Check>> MAKERS = List.of(
            TfRestored::new,
            IfRestored::new,
            StepContext::new,
            Int3StepContext::new,
            Int3StepStatus::new,
            Int3StepResumed::new,
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
            PushfImage::new,
            VanishedUntouched::new,
            FaultCancel::new,
            ExactlyOnce::new,
            PostView::new,
            Int3Ownership::new,
            DbOwnership::new,
            FaultOwnership::new,
            TextRestored::new,
            ArmOrder::new,
            SlotEntered::new,
            SlotLife::new,
            SlotStable::new,
            JprobeRestored::new,
            KretprobeCurrent::new,
            ReturnLedger::new,
            InstanceCleared::new,
            CriticalPath::new,
            DebugState::new,
            BoundedNesting::new,
            UserIsolation::new,
            GateEntry::new,
            BoostPure::new,
            GlobalDisable::new,
            RegisteredArmed::new,
            HandlerGiven::new,
            HandlerObeyed::new,
            HandlerCalled::new,
            HandlerContext::new,
            StackUntouched::new,
            OtherClients::new,
            Int3Progress::new,
            Transparency::new,
            Alive::new,
            LeftAsFound::new);

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
