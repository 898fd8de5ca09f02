package trapline.checks.monitor;

import java.util.Set;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TextWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.Variable;
import trapline.events.FlagCause;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.Frame;
import trapline.replay.ReplayState;
import trapline.replay.Role;
import trapline.replay.TextState;

/**
 * The labels that monitors give to events.
 *
 * <pre>
 * trap_bp trap_db trap_nmi trap_pf trap_gp trap_other      a trap is taken (from kernel or user mode)
 * iret_bp iret_db iret_nmi iret_pf iret_gp iret_other      the IRET of such a trap
 * status_none status_active status_ss status_reenter status_ssdone   kprobe_status is stored
 * current_set current_change current_reset                 current_kprobe: from NULL, between probes, to NULL
 * preempt_disable preempt_enable                           preempt_count rises, falls
 * tf_set tf_clear irq_enable irq_disable                   TF and IF of the register change
 * frame_tf_set frame_tf_clear frame_if_set frame_if_clear  TF and IF of a saved image change
 * text_arm text_disarm                                     an int3 is written over a byte, and taken away
 * nmissed                                                  some nmissed rises
 * call_NAME return_NAME                                    a declared function; a colon in NAME is written _
 * step_begin                                               the IRET of a #BP begins a step
 * mark warn bug die                                        notes of the guest
 * </pre>
 */
final class MonitorLabels {

    /** Takes the labels of an event, in their order. */
    @FunctionalInterface
    interface Sink {
        void label(String label);
    }

    static final Set<String> FIXED = Set.of(
            "trap_bp",
            "trap_db",
            "trap_nmi",
            "trap_pf",
            "trap_gp",
            "trap_other",
            "iret_bp",
            "iret_db",
            "iret_nmi",
            "iret_pf",
            "iret_gp",
            "iret_other",
            "status_none",
            "status_active",
            "status_ss",
            "status_reenter",
            "status_ssdone",
            "current_set",
            "current_change",
            "current_reset",
            "preempt_disable",
            "preempt_enable",
            "tf_set",
            "tf_clear",
            "irq_enable",
            "irq_disable",
            "frame_tf_set",
            "frame_tf_clear",
            "frame_if_set",
            "frame_if_clear",
            "text_arm",
            "text_disarm",
            "nmissed",
            "step_begin",
            "mark",
            "warn",
            "bug",
            "die");

    private MonitorLabels() {}

    /** Whether some event can have that label. */
    static boolean isKnown(String label) {
        return FIXED.contains(label) || label.matches("(call|return)_\\w+");
    }

    static void of(Event e, ReplayState state, Sink sink) {
        switch (e.kind()) {
            case TRAP_ENTRY -> sink.label(trap(e.intValue(TrapEntry.VECTOR), true));
            case TRAP_EXIT -> {
                Frame closed = state.cpu(e.cpu()).closed();
                if (closed != null) {
                    sink.label(trap(closed.vector(), false));
                }
            }
            case KPROBE_STATUS -> sink.label(status(e.value(Variable.NEW)));
            case CURRENT_KPROBE -> current(e, sink);
            case WATCH -> watch(e, state, sink);
            case EFLAGS_WRITE -> eflags(e, sink);
            case TEXT_WRITE -> text(e, sink);
            case CALL_ENTRY -> sink.label("call_" + name(e.value(CallEntry.FUNCTION), state));
            case CALL_EXIT -> sink.label("return_" + name(e.value(CallExit.FUNCTION), state));
            case MARK, WARN, BUG, DIE -> sink.label(e.kind().label());
            default -> {
                // The other kinds have no label.
            }
        }
    }

    private static String trap(int vector, boolean entry) {
        return switch (vector) {
            case TrapVector.BP -> entry ? "trap_bp" : "iret_bp";
            case TrapVector.DB -> entry ? "trap_db" : "iret_db";
            case TrapVector.NMI -> entry ? "trap_nmi" : "iret_nmi";
            case TrapVector.PF -> entry ? "trap_pf" : "iret_pf";
            case TrapVector.GP -> entry ? "trap_gp" : "iret_gp";
            default -> entry ? "trap_other" : "iret_other";
        };
    }

    private static String status(long status) {
        return switch ((int) status) {
            case KprobeStatus.KPROBE_HIT_ACTIVE -> "status_active";
            case KprobeStatus.KPROBE_HIT_SS -> "status_ss";
            case KprobeStatus.KPROBE_REENTER -> "status_reenter";
            case KprobeStatus.KPROBE_HIT_SSDONE -> "status_ssdone";
            default -> "status_none";
        };
    }

    private static void current(Event e, Sink sink) {
        boolean was = e.value(Variable.OLD) != 0;
        boolean is = e.value(Variable.NEW) != 0;
        if (was || is) {
            sink.label(!was ? "current_set" : is ? "current_change" : "current_reset");
        }
    }

    private static void watch(Event e, ReplayState state, Sink sink) {
        Role role = state.guest().role(e.value(Variable.VARIABLE));
        long change = e.value(Variable.NEW) - e.value(Variable.OLD);
        if (role == Role.PREEMPT_COUNT && change != 0) {
            sink.label(change > 0 ? "preempt_disable" : "preempt_enable");
        } else if (role == Role.NMISSED && change > 0) {
            sink.label("nmissed");
        }
    }

    private static void eflags(Event e, Sink sink) {
        long now = e.value(EflagsWrite.NEW);
        long changed = e.value(EflagsWrite.OLD) ^ now;
        boolean frame = e.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code();
        if ((changed & Eflags.TF) != 0) {
            boolean set = (now & Eflags.TF) != 0;
            sink.label(frame ? set ? "frame_tf_set" : "frame_tf_clear" : set ? "tf_set" : "tf_clear");
        }
        if ((changed & Eflags.IF) != 0) {
            boolean set = (now & Eflags.IF) != 0;
            sink.label(frame ? set ? "frame_if_set" : "frame_if_clear" : set ? "irq_enable" : "irq_disable");
        }
    }

    private static void text(Event e, Sink sink) {
        if (e.value(TextWrite.SIZE) == 1 && e.value(TextWrite.OLD) != e.value(TextWrite.NEW)) {
            if (e.value(TextWrite.NEW) == TextState.BREAKPOINT) {
                sink.label("text_arm");
            } else if (e.value(TextWrite.OLD) == TextState.BREAKPOINT) {
                sink.label("text_disarm");
            }
        }
    }

    private static String name(long row, ReplayState state) {
        return state.guest().rowName(row).replaceAll("\\W", "_");
    }
}
