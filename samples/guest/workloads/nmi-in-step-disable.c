/*
 * As nmi-in-step, and CPU 1 disables all probes while the NMI's probe is being hit: a vanished
 * breakpoint in the middle of a step (row D9).
 */
#include "probe_kit.h"

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");
HELPER(helper, "movl $2, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, helper_insn);

void workload_nmi(struct pt_regs *regs)
{
    if (smp_processor_id() != 0)
        return;
    helper();
}

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        disable_all_kprobes();
        return;
    }
    for (int i = 0; i < 2; i++) {
        probed();
        schedule_point();
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return p1_pre_hits != p1_post_hits;
}
