/* The post-handler of p1 calls a function that carries p2 (row D10; bug 34 on x86-64). */
#include "probe_kit.h"

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
    probed();
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return !(p1_pre_hits == 2 && p2_pre_hits == 0);
}
