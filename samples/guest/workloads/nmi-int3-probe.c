/*
 * An NMI arrives before the stepped instruction; its handler runs into a probe that sits on an int3
 * (row D8b): not the int3 that is being stepped, but it may be taken for it.
 */
#include "debugger.h"
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
HELPER(helper, "int3\n movl $2, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, helper_insn);

void workload_nmi(struct pt_regs *regs)
{
    helper();
}

int workload_init(void)
{
    debugger_attach();
    debugger_own(helper_insn);
    if (register_kprobe(&p1))
        return 1;
    if (register_kprobe(&p2))
        note(NOTE_MARK, "the kernel refuses a probe on an int3", 0);
    return 0;
}

void workload_cpu(u32 cpu)
{
    probed();
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    debugger_detach();
    return 0;
}
