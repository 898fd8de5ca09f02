package trapline.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.machine.Machine;

/**
 * What of a running kernel is observed: the kprobes functions by the names of each generation, the members of {@code
 * kprobe_ctlblk} on each CPU, {@code current_kprobe}, and reads and writes of the kernel's text as data.
 */
public final class KernelObjects {
    /** Selector 0xd8 of a 32-bit kernel's GDT is the segment of the CPU's own variables. */
    private static final int PER_CPU_ENTRY = 27;

    private static final int DESCRIPTOR_BYTES = 8;
    private static final int LONG = 4;

    /** The kernel's name of a function, and the one that the checks know it by; newest kernels last. */
    private static final String[][] FUNCTIONS = {
        {"kprobe_handler", "kprobe_handler"},
        {"kprobe_int3_handler", "kprobe_handler"},
        {"post_kprobe_handler", "post_kprobe_handler"},
        {"kprobe_debug_handler", "post_kprobe_handler"},
        {"kprobe_fault_handler", "kprobe_fault_handler"},
        {"resume_execution", "resume_execution"},
        {"prepare_singlestep", "prepare_singlestep"},
        {"get_kprobe", "get_kprobe"},
        {"trampoline_handler", "trampoline_handler"},
        {"disable_all_kprobes", "disable_all_kprobes"},
        {"kprobe_post_process", "kprobe_post_process"},
        {"setup_singlestep", "setup_singlestep"},
        {"resume_singlestep", "resume_singlestep"},
        {"reenter_kprobe", "reenter_kprobe"},
        {"kprobe_dispatcher", "kprobe_dispatcher"},
        {"kretprobe_dispatcher", "kretprobe_dispatcher"},
        {"arm_kprobe", "arm_kprobe"},
        {"disarm_kprobe", "disarm_kprobe"}
    };

    /** Members of struct kprobe_ctlblk of x86: offset and the checks' name. The layout is that of 2.6.16 to 6.x. */
    private static final Object[][] MEMBERS = {
        {4, "kprobe_old_eflags"},
        {8, "kprobe_saved_eflags"},
        {12, "prev_kprobe.kp"},
        {16, "prev_kprobe.status"},
        {20, "prev_kprobe.old_eflags"},
        {24, "prev_kprobe.saved_eflags"}
    };

    private KernelObjects() {}

    /**
     * The table for a kernel in its present state: per-CPU variables are found once it has set them up.
     *
     * @param elf the unpacked kernel
     * @param symbols of it
     * @param notes gets a line for each thing that could not be found
     */
    public static List<Observed> find(Machine machine, byte[] elf, SymbolTable symbols, List<String> notes) {
        List<Observed> result = new ArrayList<>();
        for (String[] function : FUNCTIONS) {
            Symbol symbol = symbols.find(function[0]);
            if (symbol != null) {
                result.add(new Observed(ObservedKind.FUNCTION, function[1], symbol.address(), 0, 0, 1));
            }
        }
        Symbol text = symbols.find("_stext");
        Symbol textEnd = symbols.find("_etext");
        if (text != null && textEnd != null && textEnd.address() > text.address()) {
            int bytes = (int) (textEnd.address() - text.address());
            result.add(new Observed(ObservedKind.TEXT, "text", text.address(), bytes, 0, 1));
        }
        addVariables(machine, elf, symbols, result, notes);
        return result;
    }

    private static void addVariables(
            Machine machine, byte[] elf, SymbolTable symbols, List<Observed> result, List<String> notes) {
        Map<String, Long> variables = PerCpuVariables.of(elf);
        Long block = address("kprobe_ctlblk", symbols, variables);
        Long current = address("current_kprobe", symbols, variables);
        long[] offsets = offsets(machine);
        if (block == null || current == null) {
            notes.add("kprobe_ctlblk is neither among the kernel's symbols nor in its BTF: no status is recorded");
            return;
        }
        if (offsets.length == 0) {
            notes.add("the kernel had not set up its per-CPU variables where recording began: no status is recorded;"
                    + " begin later (--record-from)");
            return;
        }
        int stride = offsets.length > 1 ? (int) (offsets[1] - offsets[0]) : 0;
        long base = (block + offsets[0]) & 0xffff_ffffL;
        int count = offsets.length;
        result.add(new Observed(ObservedKind.STATUS, "kprobe_status", base, LONG, stride, count));
        for (Object[] member : MEMBERS) {
            long at = base + (Integer) member[0];
            result.add(new Observed(ObservedKind.WATCH, (String) member[1], at, LONG, stride, count));
        }
        long currentAt = (current + offsets[0]) & 0xffff_ffffL;
        result.add(new Observed(ObservedKind.CURRENT, "current_kprobe", currentAt, LONG, stride, count));
    }

    private static @Nullable Long address(String name, SymbolTable symbols, Map<String, Long> variables) {
        Symbol symbol = symbols.find(name);
        return symbol != null ? Long.valueOf(symbol.address()) : variables.get(name);
    }

    /** What each CPU adds to a per-CPU address; only as many as are set up and as far apart as the first two. */
    private static long[] offsets(Machine machine) {
        List<Long> found = new ArrayList<>();
        for (int cpu = 0; cpu < machine.cpuCount() && machine.cpu(cpu).isStarted(); cpu++) {
            Long offset = offset(machine, cpu);
            boolean even =
                    found.size() < 2 || offset == null || offset - found.get(cpu - 1) == found.get(1) - found.get(0);
            if (offset == null || offset == 0 || !even) {
                break;
            }
            found.add(offset);
        }
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private static @Nullable Long offset(Machine machine, int cpu) {
        try {
            byte[] d = machine.peek(cpu, machine.cpu(cpu).gdtBase() + PER_CPU_ENTRY * DESCRIPTOR_BYTES, 8);
            return (d[2] & 0xffL) | ((d[3] & 0xffL) << 8) | ((d[4] & 0xffL) << 16) | ((d[7] & 0xffL) << 24);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
