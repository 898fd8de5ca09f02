/* Hits and misses add up: every pass over an instruction is one or the other, exactly once. */
#include "probe_kit.h"

#define ROUNDS 5

TARGET(probed, "movl $1, %eax");
HELPER(shared, "movl $2, %eax");

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    shared(); /* missed: p2 is hit inside a handler */
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");

COUNTING_PRE_PROBE(p2, shared_insn);

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < ROUNDS; i++) {
        probed();
        shared();
    }
}

int workload_exit(void)
{
    int failures = !(p2_pre_hits == ROUNDS && p2.nmissed == ROUNDS && p1.nmissed == 0);

    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return failures;
}
