/*
 * CPU 1 disables all probes while CPU 0 hits one. A breakpoint taken but not yet looked up finds the
 * probe hashed and its byte gone (row D2).
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
        disable_all_kprobes();
        return;
    }
    for (int i = 0; i < 3; i++) {
        probed();
        schedule_point();
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return p1_pre_hits != p1_post_hits;
}
