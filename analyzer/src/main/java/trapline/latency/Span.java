package trapline.latency;

import org.jspecify.annotations.Nullable;
import trapline.events.TrapVector;
import trapline.replay.Life;
import trapline.replay.Outcome;
import trapline.replay.Role;

/** What is measured: from one event to another on one CPU. The table of all built-in spans. */
public enum Span {
    TRAP_BP("trap-bp", "#BP taken to its IRET"),
    TRAP_DB("trap-db", "#DB taken to its IRET"),
    TRAP_NMI("trap-nmi", "NMI taken to its IRET"),
    TRAP_PF("trap-pf", "#PF taken to its IRET"),
    TRAP_OTHER("trap-other", "any other trap to its IRET"),
    HIT("hit", "probe hit to completion, of any kind"),
    HIT_STEPPED("hit-stepped", "probe hit to completion, single-stepped"),
    HIT_DIRECT("hit-direct", "probe hit to completion, boosted or emulated"),
    HIT_REENTERED("hit-reentered", "probe hit to completion, in another's life"),
    HIT_CANCELLED("hit-cancelled", "probe hit to the fault of its instruction"),
    NOT_OURS("int3-not-ours", "int3 of somebody else to the end of its #BP"),
    STEP("step", "IRET into the step to the trap after it"),
    KPROBE_HANDLER("kprobe-handler", "kprobe_handler()"),
    POST_KPROBE_HANDLER("post-kprobe-handler", "post_kprobe_handler()"),
    KRETPROBE("kretprobe", "trampoline_handler(): a return of a probed function"),
    PRE("pre-handler", "pre_handler of a user"),
    POST("post-handler", "post_handler of a user"),
    FAULT("fault-handler", "fault_handler of a user"),
    BREAK("break-handler", "break_handler of a user"),
    RETURN("return-handler", "handler of a kretprobe"),
    IF_CLEAR("if-clear", "time with IF=0"),
    TF_SET("tf-set", "time with TF=1"),
    CURRENT_SET("current-set", "time with current_kprobe set");

    private final String label;
    private final String description;

    Span(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** Stable name. */
    public String label() {
        return label;
    }

    /** What it is, in a few words. */
    public String description() {
        return description;
    }

    /** Its row in this table, for arrays that hold something for each span. */
    @SuppressWarnings("EnumOrdinal") // Never stored: the arrays live as long as the process.
    int row() {
        return ordinal();
    }

    static @Nullable Span of(Role role) {
        return switch (role) {
            case KPROBE_HANDLER -> KPROBE_HANDLER;
            case POST_KPROBE_HANDLER -> POST_KPROBE_HANDLER;
            case TRAMPOLINE_HANDLER -> KRETPROBE;
            case PRE_HANDLER -> PRE;
            case POST_HANDLER -> POST;
            case FAULT_HANDLER -> FAULT;
            case BREAK_HANDLER -> BREAK;
            case RETURN_HANDLER -> RETURN;
            default -> null;
        };
    }

    static Span ofTrap(int vector) {
        return switch (vector) {
            case TrapVector.BP -> TRAP_BP;
            case TrapVector.DB -> TRAP_DB;
            case TrapVector.NMI -> TRAP_NMI;
            case TrapVector.PF -> TRAP_PF;
            default -> TRAP_OTHER;
        };
    }

    /** The kind of a hit that is over; null where it was not a probe's hit or did not complete. */
    static @Nullable Span ofHit(Life life) {
        if (life.outcome() == Outcome.PASSED) {
            return NOT_OURS;
        }
        if (life.isReentry() && life.claimed() && life.outcome() != Outcome.ABANDONED) {
            return HIT_REENTERED;
        }
        return switch (life.outcome()) {
            case STEPPED -> HIT_STEPPED;
            case DIRECT -> HIT_DIRECT;
            case CANCELLED -> HIT_CANCELLED;
            default -> null;
        };
    }
}
