/*
 * Two NMIs, each before a stepped instruction: the second one inside the step of the first one's
 * probe. IRET from that probe's #BP is what lets the second NMI in (golden trace T9, row D11).
 */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
NMI_HELPER(first_helper, "movl $2, %eax");
NMI_HELPER(second_helper, "movl $3, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, first_helper_insn);
COUNTING_PROBE(p3, second_helper_insn);

void workload_nmi(struct pt_regs *regs)
{
    if (this_cpu()->nmi_count == 1)
        first_helper();
    else
        second_helper();
}

int workload_init(void)
{
    if (register_kprobe(&p1))
        return 1;
    if (register_kprobe(&p2) || register_kprobe(&p3))
        note(NOTE_MARK, "the kernel refuses probes in NMI code", 0);
    return 0;
}

void workload_cpu(u32 cpu)
{
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    unregister_kprobe(&p3);
    return 0;
}
