/*
 * The probed instruction reads user memory and has an exception-table entry. Boosted, it faults in
 * its slot, where the table does not know it (bug 42).
 */
#include "mm.h"
#include "probe_kit.h"

PROBED_CODE(read_user, "    movl %eax, %ecx\n"
                       "    pushl $0x202\n"
                       "    popfl\n"
                       "    .globl read_user_insn\n"
                       "read_user_insn:\n"
                       "    movl (%ecx), %eax\n"
                       "    ret\n"
                       "read_user_fixup:\n"
                       "    movl $-14, %eax\n"
                       "    ret\n" EX_TABLE("read_user_insn", "read_user_fixup"));
PROBED_LABEL(read_user_insn);

COUNTING_PRE_PROBE(p1, read_user_insn);

static u32 read_word(const void *address)
{
    u32 word;
    asm volatile("call read_user" : "=a"(word) : "a"(address) : "ecx", "edx", "memory", "cc");
    return word;
}

int workload_init(void)
{
    *(u32 *)mm_user_memory(0) = 4711;
    read_word(mm_user_page(0)); /* brings the page in */
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    const void *nothing = (const void *)(USER_BASE + 9 * PAGE_SIZE);

    if (read_word(mm_user_page(0)) != 4711)
        note(NOTE_WARN, "wrong word read", 0);
    note(NOTE_MARK, "a bad address now", 0);
    if (read_word(nothing) != (u32)-14)
        note(NOTE_WARN, "a bad address was not found out", 0);
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return p1_pre_hits < 2;
}
