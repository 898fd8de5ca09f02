/* A repeated string instruction: stepped, it traps after every round, and every round is a hit. */
#include "probe_kit.h"

static u8 from[8] = {1, 2, 3, 4, 5, 6, 7, 8}, to[8];

PROBED_CODE(copy, "    movl $8, %ecx\n"
                  "    .globl copy_insn\n"
                  "copy_insn:\n"
                  "    rep movsb\n"
                  "    ret");
PROBED_LABEL(copy_insn);

COUNTING_PROBE(p1, copy_insn);

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    u32 source = (u32)from, destination = (u32)to;
    asm volatile("call copy" : "+S"(source), "+D"(destination) : : "eax", "ecx", "edx", "memory", "cc");
    note(NOTE_MARK, "hits of one instruction", p1_pre_hits);
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return to[7] != 8;
}
