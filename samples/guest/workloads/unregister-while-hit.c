/*
 * CPU 1 unregisters a probe while CPU 0 hits it. When it disarms and unhashes before both reads of
 * the handler, between them, or after, decides what the handler sees (rows D4, D4r; bugs 4, 48c).
 */
#include "probe_kit.h"

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        unregister_kprobe(&p1);
        return;
    }
    for (int i = 0; i < 3; i++) {
        probed();
        schedule_point();
    }
}

int workload_exit(void)
{
    return p1_pre_hits != p1_post_hits;
}
