/*
 * Probes hit as fast as the code can run: one that is always stepped (it has a post handler), one that
 * is boosted after its first hit, and some work of the probed program's own in between. For benchmarks.
 */
#include "probe_kit.h"

TARGET(stepped, "movl $1, %eax");
TARGET(boosted, "movl $2, %eax");

COUNTING_PROBE(p1, stepped_insn);
COUNTING_PRE_PROBE(p2, boosted_insn);

/* A scenario sets how often each is hit. */
u32 rounds = 1000;

static u32 checksum;

static void work(u32 seed)
{
    u32 sum = seed;

    for (u32 i = 0; i < 32; i++)
        sum = (sum << 5 | sum >> 27) ^ (sum + i);
    checksum += sum;
}

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    for (u32 i = 0; i < rounds; i++) {
        stepped();
        work(i);
        boosted();
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p2);
    unregister_kprobe(&p1);
    return !(p1_pre_hits == rounds && p1_post_hits == rounds && p2_pre_hits == rounds);
}
