/*
 * A pre handler sends the probed function elsewhere and returns 1, as fault injection does, without
 * the break handler that would end the probe (bug 55). An ordinary probe is hit afterwards.
 */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
TARGET(later, "movl $2, %eax");
PROBED_CODE(replacement, "    movl $-12, %eax\n"
                         "    ret");

static u32 p1_pre_hits;

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    p1_pre_hits++;
    regs->eip = (u32)replacement;
    return 1;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");

COUNTING_PROBE(p2, later_insn);

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    probed();
    later();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return p1_pre_hits != 1;
}
