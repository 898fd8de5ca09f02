/* popf behind an operand-size prefix that 2.6.24 does not look behind: IF comes back on. */
#include "probe_kit.h"

PROBED_CODE(probed, "    pushl $0x202\n"
                    "    popfl\n"
                    "    pushw $0x002\n"
                    "    .globl probed_insn\n"
                    "probed_insn:\n"
                    "    popfw\n"
                    "    pushfl\n"
                    "    popl flags_after\n"
                    "    sti\n"
                    "    ret");
PROBED_LABEL(probed_insn);

u32 flags_after;
OBSERVE_GLOBAL(flags_after, "flags_after");

COUNTING_PROBE(p1, probed_insn);

int workload_init(void)
{
    if (register_kprobe(&p1))
        note(NOTE_MARK, "the kernel refuses this instruction", 0);
    return 0;
}

void workload_cpu(u32 cpu)
{
    probed();
    if (flags_after & IF_MASK)
        note(NOTE_MARK, "the step is visible to the program", flags_after);
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return p1_pre_hits > 1;
}
