/* As unregister-while-hit, but of a probe inside the pre-handler of another (rows D12, D15). */
#include "probe_kit.h"

u32 workload_cpus = 2;

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

COUNTING_PROBE(p2, helper_insn);

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        unregister_kprobe(&p2);
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
    return p2_pre_hits || p2_post_hits;
}
