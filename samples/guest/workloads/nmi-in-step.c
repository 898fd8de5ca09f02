/* An NMI arrives before the stepped instruction and its handler runs into another probe (row D7). */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
HELPER(helper, "movl $2, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, helper_insn);

void workload_nmi(struct pt_regs *regs)
{
    helper();
}

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
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
    return !(p1_pre_hits == 2 && p1_post_hits == 2);
}
