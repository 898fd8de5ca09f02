/* Page faults, as arch/x86/mm/fault_32.c of 2.6.24 orders its questions. */
#include "mm.h"
#include "cpu.h"
#include "flow.h"

static u32 read_cr2(void)
{
    u32 value;
    asm volatile("movl %%cr2, %0" : "=r"(value));
    return value;
}

/* Only while a probe is current: the fault may belong to its step or to its handlers. */
static int __kprobes notify_page_fault(struct pt_regs *regs)
{
    int result = 0;

    if (user_mode_vm(regs))
        return 0;
    preempt_disable();
    if (kprobe_running() && kprobe_fault_handler(regs, 14))
        result = 1;
    preempt_enable();
    return result;
}

void __kprobes do_page_fault(struct pt_regs *regs, u32 error_code)
{
    u32 address = read_cr2();

    if (notify_page_fault(regs))
        return;
    if (!user_mode_vm(regs) && fixup_exception(regs))
        return;
    die(address < 4096 ? "NULL pointer dereference" : "page fault", regs);
}
