/*
 * A probe on the IRET that enters user mode: its #DB arrives there, where kprobes does not look
 * (defect 8 of the baseline). The task gets a SIGTRAP and the probe stays current.
 */
#include "mm.h"
#include "probe_kit.h"

#define USER_STACK_PAGE 1

extern u8 run_user_iret[];
OBSERVE(run_user_iret, 1, OBSERVE_TEXT, "run_user_iret", 0, 1);

/* exit(42), by position-independent code that is copied to user memory. */
PROBED_CODE(user_program, "    movl $1, %eax\n"
                          "    movl $42, %ebx\n"
                          "    int $0x80\n"
                          "    ud2");

COUNTING_PROBE(p1, run_user_iret);

void workload_signal(struct pt_regs *regs, u32 signal)
{
    note(NOTE_MARK, "signal to the task", signal);
    if (signal == SIGSEGV)
        leave_user(-signal, this_cpu()->user_return_esp);
}

int workload_init(void)
{
    memcpy(mm_user_memory(0), user_program, 32);
    ACCESS_ONCE(*(u32 *)mm_user_page(0)); /* brings the pages in */
    ACCESS_ONCE(*(u32 *)mm_user_page(USER_STACK_PAGE));
    if (register_kprobe(&p1))
        note(NOTE_MARK, "the kernel refuses a probe on iret", 0);
    return 0;
}

void workload_cpu(u32 cpu)
{
    u32 stack = (u32)mm_user_page(USER_STACK_PAGE) + PAGE_SIZE;
    u32 result = run_user((u32)mm_user_page(0), stack, IF_MASK | 2);

    note(NOTE_MARK, "the user task ended", result);
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    return 0;
}
