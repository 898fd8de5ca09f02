/* An NMI arrives before the stepped instruction and runs the very function that is stepped (row D7b). */
#include "probe_kit.h"

HELPER(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

void workload_nmi(struct pt_regs *regs)
{
    probed();
}

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    probed();
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return !(p1_pre_hits == 2 && p1_post_hits == 2);
}
