/*
 * An NMI arrives before the stepped instruction, and its handler faults on an instruction that has an
 * exception-table entry. The fault is the NMI's, the step is not over.
 */
#include "mm.h"
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

static u32 faults_fixed;

void workload_nmi(struct pt_regs *regs)
{
    u32 result;
    asm volatile("1: movl (%1), %0\n"
                 "   jmp 3f\n"
                 "2: movl $-14, %0\n"
                 "3:\n" EX_TABLE("1b", "2b")
                 : "=a"(result)
                 : "r"(USER_BASE + 9 * PAGE_SIZE));
    faults_fixed += result == (u32)-14;
}

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return p1_pre_hits != p1_post_hits || faults_fixed > 1;
}
