/* As disable-in-handler, but in the post handler of the other probe (row D6, status SSDONE). */
#include "probe_kit.h"

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");
HELPER(helper, "movl $2, %eax");

COUNTING_PRE(p1);

static void p1_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    helper();
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre, .post_handler = p1_post};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_post, "post_handler:p1");

COUNTING_PROBE(p2, helper_insn);

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
    for (int i = 0; i < 3; i++) {
        probed();
        schedule_point();
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return p2_pre_hits || p2_post_hits;
}
