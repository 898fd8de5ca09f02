/* CPU 1 registers a second probe at an address that CPU 0 hits: an aggregate takes over (bug 8). */
#include "probe_kit.h"

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, probed_insn);

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        register_kprobe(&p2);
        return;
    }
    for (int i = 0; i < 3; i++) {
        probed();
        schedule_point();
    }
}

int workload_exit(void)
{
    probed();
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return !(p1_pre_hits == 4 && p2_pre_hits >= 1);
}
