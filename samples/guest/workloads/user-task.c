/*
 * A user task makes system calls whose kernel side carries a probe; one probed instruction faults on
 * the task's memory. TIF_SINGLESTEP left behind by the fault (T6) makes the task get a SIGTRAP.
 */
#include "mm.h"
#include "probe_kit.h"

#define USER_STACK_PAGE 1
#define USER_DATA_PAGE 2

/* read(data); exit(42) */
PROBED_CODE(user_program, "    movl $2, %eax\n"
                          "    movl $0x40002000, %ebx\n"
                          "    int $0x80\n"
                          "    movl $1, %eax\n"
                          "    movl $42, %ebx\n"
                          "    int $0x80\n"
                          "    ud2");

PROBED_CODE(read_user, "    movl %eax, %ecx\n"
                       "    .globl read_user_insn\n"
                       "read_user_insn:\n"
                       "    movl (%ecx), %eax\n"
                       "    ret\n"
                       "read_user_fixup:\n"
                       "    movl $-14, %eax\n"
                       "    ret\n" EX_TABLE("read_user_insn", "read_user_fixup"));
PROBED_LABEL(read_user_insn);

COUNTING_PROBE(p1, read_user_insn);

static u32 word_read;

void workload_system_call(struct pt_regs *regs)
{
    asm volatile("call read_user" : "=a"(word_read) : "a"(regs->ebx) : "ecx", "edx", "memory", "cc");
    regs->eax = word_read;
}

void workload_signal(struct pt_regs *regs, u32 signal)
{
    note(NOTE_MARK, "signal to the task", signal);
}

int workload_init(void)
{
    memcpy(mm_user_memory(0), user_program, 64);
    mm_user_page(USER_STACK_PAGE);
    *(u32 *)mm_user_memory(USER_DATA_PAGE) = 4711;
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    u32 stack = (u32)mm_user_page(USER_STACK_PAGE) + PAGE_SIZE;

    if (run_user((u32)mm_user_page(0), stack, IF_MASK | 2) != 42)
        note(NOTE_WARN, "the user task ended in another way", 0);
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return word_read != 4711;
}
