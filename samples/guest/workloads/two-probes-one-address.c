/*
 * Two probes at one address, one with a post handler and one without, then one of them alone: an
 * aggregate, its handlers, and what is left of it. A hit inside a handler counts for both children.
 */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
HELPER(helper, "movl $2, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PRE_PROBE(p2, probed_insn);
COUNTING_PRE_PROBE(p3, helper_insn);
COUNTING_PRE_PROBE(p4, helper_insn);

static int p5_pre(struct kprobe *p, struct pt_regs *regs)
{
    helper();
    return 0;
}

static struct kprobe p5 = {.addr = probed_insn, .pre_handler = p5_pre};
OBSERVE_KPROBE(p5, "p5");
OBSERVE_CALL(p5_pre, "pre_handler:p5");

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2) || register_kprobe(&p3) || register_kprobe(&p4);
}

void workload_cpu(u32 cpu)
{
    probed();
    note(NOTE_MARK, "the first one goes", 0);
    unregister_kprobe(&p1);
    probed();
    note(NOTE_MARK, "another one comes", 0);
    if (register_kprobe(&p5))
        note(NOTE_WARN, "not registered", 0);
    probed();
}

int workload_exit(void)
{
    int failures = !(p1_pre_hits == 1 && p1_post_hits == 1 && p2_pre_hits == 3);

    failures += !(p3.nmissed == 1 && p4.nmissed == 1);
    unregister_kprobe(&p2);
    unregister_kprobe(&p5);
    unregister_kprobe(&p3);
    unregister_kprobe(&p4);
    probed();
    helper();
    return failures + (p2_pre_hits != 3);
}
