/* One probe with a pre and a post handler on a move: the plain life of a hit (golden trace T1). */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++)
        probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    probed();
    return !(p1_pre_hits == 3 && p1_post_hits == 3);
}
