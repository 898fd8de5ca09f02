/*
 * The task is stepped on branches by a debugger: DEBUGCTL.BTF would turn a probe's single step into a
 * step to the next branch, so kernels from 2.6.25 on clear it while they step and give it back. The
 * second instruction faults in its step: there it used to be forgotten (78ff2733ff35).
 */
#include "mm.h"
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
PROBED_CODE(read_user, "    movl %eax, %ecx\n"
                       "    .globl read_user_insn\n"
                       "read_user_insn:\n"
                       "    movl (%ecx), %eax\n"
                       "    ret\n"
                       "read_user_fixup:\n"
                       "    movl $-14, %eax\n"
                       "    ret\n" EX_TABLE("read_user_insn", "read_user_fixup"));
PROBED_LABEL(read_user_insn);

COUNTING_PROBE(p1, probed_insn);
COUNTING_PROBE(p2, read_user_insn);

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

static void check_btf(const char *when)
{
    if (!(__get_cpu_var(debugctl) & DEBUGCTL_BTF))
        note(NOTE_MARK, when, 0);
}

void workload_cpu(u32 cpu)
{
    u32 result = USER_BASE + 9 * PAGE_SIZE; /* nothing there */

    set_thread_flag(TIF_DEBUGCTLMSR);
    __get_cpu_var(debugctl) = DEBUGCTL_BTF;
    probed();
    check_btf("BTF lost by a step");
    asm volatile("call read_user" : "+a"(result) : : "ecx", "edx", "memory", "cc");
    check_btf("BTF lost by a step that faulted");
    clear_thread_flag(TIF_DEBUGCTLMSR);
    __get_cpu_var(debugctl) = 0;
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return 0;
}
