package trapline.latency;

import org.jspecify.annotations.Nullable;
import trapline.replay.Role;

/** What is measured: from one event to another on one CPU. */
public enum Span {
    TRAP_BP("trap-bp", "#BP taken to its IRET"),
    TRAP_DB("trap-db", "#DB taken to its IRET"),
    TRAP_NMI("trap-nmi", "NMI taken to its IRET"),
    TRAP_PF("trap-pf", "#PF taken to its IRET"),
    TRAP_OTHER("trap-other", "any other trap to its IRET"),
    HIT_STEPPED("hit-stepped", "probe hit to completion, single-stepped"),
    HIT_DIRECT("hit-direct", "probe hit to completion, boosted or emulated"),
    HIT_REENTERED("hit-reentered", "probe hit to completion, in another's life"),
    HIT_CANCELLED("hit-cancelled", "probe hit to the fault of its instruction"),
    STEP("step", "IRET into the step to the trap after it"),
    KPROBE_HANDLER("kprobe-handler", "kprobe_handler()"),
    POST_KPROBE_HANDLER("post-kprobe-handler", "post_kprobe_handler()"),
    PRE("pre-handler", "pre_handler of a user"),
    POST("post-handler", "post_handler of a user"),
    FAULT("fault-handler", "fault_handler of a user"),
    BREAK("break-handler", "break_handler of a user");

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

    static @Nullable Span of(Role role) {
        return switch (role) {
            case KPROBE_HANDLER -> KPROBE_HANDLER;
            case POST_KPROBE_HANDLER -> POST_KPROBE_HANDLER;
            case PRE_HANDLER -> PRE;
            case POST_HANDLER -> POST;
            case FAULT_HANDLER -> FAULT;
            case BREAK_HANDLER -> BREAK;
            default -> null;
        };
    }
}
