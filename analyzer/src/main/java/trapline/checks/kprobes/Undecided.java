package trapline.checks.kprobes;

import java.util.List;
import trapline.checks.CheckInfo;

/** What of the invariants no check decides, because no event shows it. */
public enum Undecided {
    SLEEP("V11", "Context switches of tasks: a journal knows CPUs, not tasks. NO-INTERRUPTS judges the part about IF."),
    RETURN_ADDRESS(
            "V15",
            "The return address on the stack itself. RETURN-ADDRESS judges what follows from a wrong one:"
                    + " code that runs in the slot afterwards."),
    PUSHF_IMAGE(
            "V16",
            "The flags image that a probed pushf leaves on the stack: no event shows the contents of the" + " stack."),
    SLOT_FREE("V26", "The moment at which a slot is given back. SLOT-LIFE judges its next use."),
    JPROBE_STACK(
            "V28",
            "The stack bytes that a jprobe saves and restores. JPROBE-RESTORED judges stack pointer and" + " flags."),
    INSTANCES(
            "V29",
            "The lists of return-probe instances. KRETPROBE-CURRENT judges the current probe around the"
                    + " trampoline."),
    AGGREGATE("V30", "The handlers an aggregate has. INSTANCE-CLEARED judges kprobe_instance."),
    BTF(
            "V32",
            "DR6 and the branch-trap flag after a hit, which are registers without events. DEBUG-STATE judges"
                    + " TIF_SINGLESTEP, other task flags and SIGTRAP."),
    GRACE("V25", "The grace period between unhashing and freeing. ARM-ORDER judges arming against lookups.");

    private final String invariant;
    private final String reason;

    Undecided(String invariant, String reason) {
        this.invariant = invariant;
        this.reason = reason;
    }

    /** The invariant, such as {@code V16}. */
    public String invariant() {
        return invariant;
    }

    /** The reference page of all checks, in Markdown. */
    public static String page() {
        StringBuilder out = new StringBuilder();
        out.append("# Checks\n\n");
        out.append("Generated from the checks themselves; a test keeps it current. Verdicts are PASS, FAIL, UNKNOWN\n");
        out.append(
                "(something that the judgement needs is missing) and NOT_EXERCISED (the situation never occurred).\n\n");
        for (CheckInfo info : Checks.infos()) {
            out.append("## ")
                    .append(info.id())
                    .append(" (")
                    .append(info.invariant())
                    .append(")\n\n");
            out.append(info.claim()).append("\n\n");
            out.append("- where: ").append(info.citation()).append('\n');
            out.append(info.needsKinds().isEmpty() ? "" : "- needs: " + needs(info) + '\n');
            for (String exception : info.exceptions()) {
                out.append("- legal: ").append(exception).append('\n');
            }
            out.append('\n');
        }
        out.append("## What no event shows\n\n| invariant | |\n|---|---|\n");
        for (Undecided undecided : values()) {
            out.append("| ")
                    .append(undecided.invariant)
                    .append(" | ")
                    .append(undecided.reason)
                    .append(" |\n");
        }
        return out.toString();
    }

    private static String needs(CheckInfo info) {
        List<String> kinds =
                info.needsKinds().stream().sorted().map(k -> k.label()).toList();
        List<String> roles =
                info.needsRoles().stream().sorted().map(r -> r.generic()).toList();
        return "events " + String.join(", ", kinds) + (roles.isEmpty() ? "" : "; declared " + String.join(", ", roles));
    }
}
