/*
 * A probe that is boosted already is hit inside another one's pre handler. From 2.6.34 on it runs in
 * its slot right away, and the outer probe's state is not touched.
 */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
HELPER(helper, "movl $2, %eax");

COUNTING_POST(p1);

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    helper();
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre, .post_handler = p1_post};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");

COUNTING_PRE_PROBE(p2, helper_insn);

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    helper(); /* stepped: boosted from now on */
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return !(p1_post_hits == 1 && p2_pre_hits == 1 && p2.nmissed == 1);
}
