package trapline.replay;

import org.jspecify.annotations.Nullable;
import trapline.events.Observed;
import trapline.events.ObservedKind;

/** What a row of the observation table means to the trackers, by its generic name. */
public enum Role {
    STATUS("kprobe_status"),
    CURRENT("current_kprobe"),
    PREEMPT_COUNT("preempt_count"),
    OLD_EFLAGS("kprobe_old_eflags"),
    SAVED_EFLAGS("kprobe_saved_eflags"),
    PREV_KPROBE("prev_kprobe.kp"),
    PREV_STATUS("prev_kprobe.status"),
    PREV_OLD_EFLAGS("prev_kprobe.old_eflags"),
    PREV_SAVED_EFLAGS("prev_kprobe.saved_eflags"),
    THREAD_FLAGS("thread_info.flags"),
    SIGNAL("signal"),
    KPROBE_INSTANCE("kprobe_instance"),
    NMISSED("nmissed:"),
    KRETPROBE_NMISSED("kretprobe.nmissed:"),
    GET_KPROBE("get_kprobe"),
    KPROBE_HANDLER("kprobe_handler"),
    POST_KPROBE_HANDLER("post_kprobe_handler"),
    KPROBE_FAULT_HANDLER("kprobe_fault_handler"),
    RESUME_EXECUTION("resume_execution"),
    PREPARE_SINGLESTEP("prepare_singlestep"),
    DISABLE_ALL_KPROBES("disable_all_kprobes"),
    ENABLE_ALL_KPROBES("enable_all_kprobes"),
    TRAMPOLINE_HANDLER("trampoline_handler"),
    REGISTER_KPROBE("register_kprobe"),
    UNREGISTER_KPROBE("unregister_kprobe"),
    HASH_ADD("hash_add"),
    HASH_DEL("hash_del"),
    ARM_KPROBE("arch_arm_kprobe"),
    DISARM_KPROBE("arch_disarm_kprobe"),
    PRE_HANDLER("pre_handler:"),
    POST_HANDLER("post_handler:"),
    FAULT_HANDLER("fault_handler:"),
    BREAK_HANDLER("break_handler:"),
    RETURN_HANDLER("return_handler:"),
    PROBE(""),
    SLOTS("insn_slots"),
    TEXT(""),
    OTHER("");

    private final String name;

    Role(String name) {
        this.name = name;
    }

    /** The generic name; with a colon at its end the probe's name follows. */
    public String generic() {
        return name;
    }

    /** Its row in this table, for arrays that hold something for each role. */
    @SuppressWarnings("EnumOrdinal") // Never stored: the arrays live as long as the process.
    int row() {
        return ordinal();
    }

    /** Whether a function of this role is written by the user of a probe. */
    public boolean isUserHandler() {
        return switch (this) {
            case PRE_HANDLER, POST_HANDLER, FAULT_HANDLER, BREAK_HANDLER, RETURN_HANDLER -> true;
            default -> false;
        };
    }

    /** Whether a function of this role is kprobes' own: what is written while it runs, kprobes writes. */
    public boolean isKprobes() {
        return switch (this) {
            case KPROBE_HANDLER,
                    POST_KPROBE_HANDLER,
                    KPROBE_FAULT_HANDLER,
                    DISABLE_ALL_KPROBES,
                    ENABLE_ALL_KPROBES,
                    TRAMPOLINE_HANDLER,
                    REGISTER_KPROBE,
                    UNREGISTER_KPROBE,
                    ARM_KPROBE,
                    DISARM_KPROBE -> true;
            default -> false;
        };
    }

    static Role of(Observed row) {
        return switch (row.kind()) {
            case STATUS -> STATUS;
            case CURRENT -> CURRENT;
            case PROBE -> PROBE;
            case TEXT -> row.name().equals(SLOTS.name) ? SLOTS : TEXT;
            case WATCH, FUNCTION -> named(row);
        };
    }

    private static Role named(Observed row) {
        for (Role role : values()) {
            boolean function = role.compareTo(GET_KPROBE) >= 0;
            boolean fits = role.name.endsWith(":")
                    ? row.name().startsWith(role.name)
                    : row.name().equals(role.name);
            if (fits && !role.name.isEmpty() && function == (row.kind() == ObservedKind.FUNCTION)) {
                return role;
            }
        }
        return OTHER;
    }

    /** The probe's name behind a prefix role, or null for a role without one. */
    static @Nullable String suffix(Observed row) {
        int colon = row.name().indexOf(':');
        return colon < 0 ? null : row.name().substring(colon + 1);
    }
}
