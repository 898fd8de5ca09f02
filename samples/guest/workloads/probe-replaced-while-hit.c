/*
 * Between the lookup of a hit and the test of its byte another probe comes to the same address
 * (defect 11 of the baseline): the lookup found nothing, since CPU 1 has just unhashed the old one,
 * and the byte is there again, since CPU 2 has armed the new one. CPU 1 still waits for its grace
 * period then, but holds no lock any more.
 */
#include "probe_kit.h"

u32 workload_cpus = 3;

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, probed_insn);

/* Where a schedule can see that the new probe stands. */
noinline void new_probe_armed(void)
{
    barrier();
}

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    switch (cpu) {
    case 0:
        probed();
        break;
    case 1:
        unregister_kprobe(&p1);
        break;
    case 2:
        register_kprobe(&p2);
        new_probe_armed();
        break;
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p2);
    return 0;
}
