package trapline.samples.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A workload in C drawn from a seed: probed functions, one to three probes on each, handlers that count, write registers or
 * call other probed functions, a jprobe, a kretprobe, an access that faults in a handler, probes that come and go. It does
 * nothing that a handler of 2.6.24 may get wrong: whatever a check says against it is false.
 */
final class RandomWorkload {

    private static final int ROUNDS = 4;

    private final SplittableRandom random;
    private final StringBuilder code = new StringBuilder();

    /** Functions that anybody may call, and those of tasks. */
    private final List<String> helpers = new ArrayList<>();

    private final List<String> targets = new ArrayList<>();

    /** Calls that register and unregister, a pair for each probe. */
    private final List<String> registers = new ArrayList<>();

    private final List<String> unregisters = new ArrayList<>();

    private final int cpus;

    private RandomWorkload(long seed) {
        random = new SplittableRandom(seed);
        cpus = 1 + random.nextInt(3);
    }

    /** The C file of a seed. */
    static String of(long seed) {
        return new RandomWorkload(seed).write();
    }

    /** How many CPUs the workload of a seed wants. */
    static int cpus(long seed) {
        return new RandomWorkload(seed).cpus;
    }

    private String write() {
        code.append("/* Drawn from a seed. */\n#include \"probe_kit.h\"\n#include \"mm.h\"\n\n");
        code.append("u32 workload_cpus = ").append(cpus).append(";\nu32 scratch;\n\n");
        code.append("static void run(void (*f)(void), u32 a)\n{\n    u32 d = a + 1;\n")
                .append(
                        "    asm volatile(\"call *%2\" : \"+a\"(a), \"+d\"(d) : \"r\"(f) : \"ecx\", \"memory\", \"cc\");\n}\n\n");
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            helpers.add(function("helper" + i, Instructions.effect(random), false));
        }
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            targets.add(function("target" + i, Instructions.any(random), true));
        }
        helpers.forEach(helper -> probes(helper, false));
        targets.forEach(target -> probes(target, true));
        if (random.nextInt(3) == 0) {
            jprobe();
        }
        if (random.nextInt(3) == 0) {
            kretprobe();
        }
        body();
        return code.toString();
    }

    private String function(String name, Instructions.Probed probed, boolean task) {
        String before = (task ? "pushl $0x202\n popfl\n " : "") + probed.before();
        code.append("PROBED_CODE(").append(name).append(", ");
        for (String line : (before + "\n.globl " + name + "_insn\n" + name + "_insn:\n" + probed.code() + "\n"
                        + probed.after() + "\nret")
                .lines()
                .toList()) {
            code.append('"').append(line.strip()).append("\\n\"\n    ");
        }
        code.append(");\nPROBED_LABEL(").append(name).append("_insn);\n\n");
        return name;
    }

    private void probes(String function, boolean callsOthers) {
        int count = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
        // All or none: 5.13 decides at the first registration whether a probe is boosted, and a post_handler that comes
        // later to the same address is lost.
        boolean post = random.nextInt(2) == 0;
        for (int i = 0; i < count; i++) {
            probe(function + "_p" + i, function, callsOthers, post);
        }
    }

    private void probe(String name, String function, boolean callsOthers, boolean post) {
        boolean pre = random.nextInt(8) != 0;
        if (pre) {
            code.append("static int ")
                    .append(name)
                    .append("_pre(struct kprobe *p, struct pt_regs *regs)\n{\n")
                    .append(handler(callsOthers))
                    .append("    return 0;\n}\nOBSERVE_CALL(")
                    .append(name)
                    .append("_pre, \"pre_handler:")
                    .append(name)
                    .append("\");\n");
        }
        if (post) {
            code.append("static void ")
                    .append(name)
                    .append("_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)\n{\n")
                    .append(handler(callsOthers))
                    .append("}\nOBSERVE_CALL(")
                    .append(name)
                    .append("_post, \"post_handler:")
                    .append(name)
                    .append("\");\n");
        }
        code.append("static struct kprobe ")
                .append(name)
                .append(" = {.addr = ")
                .append(function)
                .append("_insn")
                .append(pre ? ", .pre_handler = " + name + "_pre" : "")
                .append(post ? ", .post_handler = " + name + "_post" : "")
                .append("};\nOBSERVE_KPROBE(")
                .append(name)
                .append(", \"")
                .append(name)
                .append("\");\n\n");
        registers.add("register_kprobe(&" + name + ")");
        unregisters.add("unregister_kprobe(&" + name + ")");
    }

    private String handler(boolean callsOthers) {
        return switch (random.nextInt(5)) {
            case 0 -> "    regs->edx ^= 0x55;\n";
            case 1 -> "    regs->edx++;\n";
            case 2 -> callsOthers ? "    run(" + draw(helpers) + ", regs->eax);\n" : "    scratch++;\n";
            case 3 -> "    scratch += regs->eax;\n";
            default -> "";
        };
    }

    private void jprobe() {
        code.append("""
                PROBED_CODE(sum, "movl 4(%esp), %eax\\n addl 8(%esp), %eax\\n ret");
                static __attribute__((regparm(0))) void jp_entry(u32 a, u32 b)
                {
                    scratch += a + b;
                    jprobe_return();
                }
                static struct jprobe jp = {.kp = {.addr = (kprobe_opcode_t *)sum}, .entry = jp_entry};
                OBSERVE_KPROBE(jp.kp, "jp");
                OBSERVE_CALL(jp_entry, "jprobe_handler:jp");
                static void call_sum(void)
                {
                    u32 result, d, c;
                    asm volatile("pushl $4\\n pushl $3\\n call sum\\n addl $8, %%esp"
                                 : "=a"(result), "=d"(d), "=c"(c) : : "memory", "cc");
                }

                """);
    }

    private void kretprobe() {
        code.append("""
                PROBED_CODE(nested, "testl %eax, %eax\\n jz 1f\\n decl %eax\\n call nested\\n incl %eax\\n1: ret");
                static int rp_return(struct kretprobe_instance *ri, struct pt_regs *regs)
                {
                    scratch += regs->eax;
                    return 0;
                }
                static struct kretprobe rp = {.kp = {.addr = (kprobe_opcode_t *)nested}, .handler = rp_return,
                """)
                .append("    .maxactive = ")
                .append(1 + random.nextInt(4))
                .append("""
                };
                OBSERVE_KPROBE(rp.kp, "rp");
                OBSERVE_GLOBAL(rp.nmissed, "kretprobe.nmissed:rp");
                OBSERVE_CALL(rp_return, "return_handler:rp");

                """);
    }

    private void body() {
        boolean jprobe = code.indexOf("jp_entry") >= 0;
        boolean kretprobe = code.indexOf("rp_return") >= 0;
        code.append("static u32 has_jp, has_rp;\n\nint workload_init(void)\n{\n");
        registers.forEach(call -> code.append("    if (").append(call).append(")\n        return 1;\n"));
        code.append(jprobe ? "    has_jp = !register_jprobe(&jp);\n" : "")
                .append(kretprobe ? "    has_rp = !register_kretprobe(&rp);\n" : "")
                .append("    return 0;\n}\n\nvoid workload_cpu(u32 cpu)\n{\n    for (u32 i = 0; i < ")
                .append(ROUNDS)
                .append("; i++) {\n");
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            call(jprobe, kretprobe);
        }
        code.append("    }\n}\n\nvoid workload_nmi(struct pt_regs *regs)\n{\n    scratch += 2;\n}\n\n")
                .append("void workload_irq(struct pt_regs *regs, u32 vector)\n{\n    run(")
                .append(draw(helpers))
                .append(", vector);\n}\n\nint workload_exit(void)\n{\n");
        unregisters.forEach(call -> code.append("    ").append(call).append(";\n"));
        code.append(jprobe ? "    if (has_jp)\n        unregister_jprobe(&jp);\n" : "")
                .append(kretprobe ? "    if (has_rp)\n        unregister_kretprobe(&rp);\n" : "")
                .append("    return 0;\n}\n");
    }

    private void call(boolean jprobe, boolean kretprobe) {
        int kind = random.nextInt(8);
        if (kind == 0 && jprobe) {
            code.append("        call_sum();\n");
        } else if (kind == 1 && kretprobe) {
            code.append("        run(nested, i & 3);\n");
        } else if (kind == 2 && cpus == 1) {
            int which = random.nextInt(registers.size());
            code.append("        ")
                    .append(unregisters.get(which))
                    .append(";\n        run(")
                    .append(draw(targets))
                    .append(", i);\n        ")
                    .append(registers.get(which))
                    .append(";\n");
        } else if (kind == 3 && cpus == 1) {
            code.append("        disable_all_kprobes();\n        run(")
                    .append(draw(targets))
                    .append(", i);\n        enable_all_kprobes();\n");
        } else {
            code.append("        run(")
                    .append(kind < 6 ? draw(targets) : draw(helpers))
                    .append(", i * 7);\n");
        }
    }

    private String draw(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }
}
