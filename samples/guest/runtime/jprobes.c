/* Jumper probes (arch/x86/kernel/kprobes_32.c, 2.6.24). */
#include "flow.h"

extern u8 jprobe_return_end[];

/* The handler shares the stack with the probed function: its arguments must survive the handler. */
static u32 min_stack_size(u32 *esp)
{
    u32 to_end = THREAD_SIZE - ((u32)esp & (THREAD_SIZE - 1));
    return to_end < MAX_STACK_SIZE ? to_end : MAX_STACK_SIZE;
}

static int __kprobes setjmp_pre_handler(struct kprobe *p, struct pt_regs *regs)
{
    struct jprobe *jp = container_of(p, struct jprobe, kp);
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

    kcb->jprobe_saved_regs = *regs;
    kcb->jprobe_saved_esp = &regs->esp;
    memcpy(kcb->jprobes_stack, &regs->esp, min_stack_size(&regs->esp));
    regs->eflags &= ~IF_MASK;
    regs->eip = (u32)jp->entry;
    return 1;
}

/* Back to the stack of the hit, then a breakpoint that brings us into longjmp_break_handler. */
void __kprobes jprobe_return(void)
{
    asm volatile("xchgl %%ebx, %%esp\n"
                 ".globl jprobe_return_int3\n"
                 "jprobe_return_int3: int3\n"
                 ".globl jprobe_return_end\n"
                 "jprobe_return_end: nop\n"
                 :
                 : "b"(get_kprobe_ctlblk()->jprobe_saved_esp)
                 : "memory");
}

static int __kprobes longjmp_break_handler(struct kprobe *p, struct pt_regs *regs)
{
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();
    u32 addr = regs->eip - 1;
    u32 *esp = kcb->jprobe_saved_esp;

    if (addr <= (u32)jprobe_return || addr >= (u32)jprobe_return_end)
        return 0;
    if (&regs->esp != esp)
        BUG();
    /* The trap frame of a kernel-mode trap ends before esp: what lies there is the stack's. */
    memcpy(regs, &kcb->jprobe_saved_regs, offsetof(struct pt_regs, esp));
    memcpy(esp, kcb->jprobes_stack, min_stack_size(esp));
    preempt_enable_no_resched();
    return 1;
}

int register_jprobe(struct jprobe *jp)
{
    if (kernel_traits.has_no_jprobes)
        return -EOPNOTSUPP;
    jp->kp.pre_handler = setjmp_pre_handler;
    jp->kp.break_handler = longjmp_break_handler;
    return register_kprobe(&jp->kp);
}

void unregister_jprobe(struct jprobe *jp)
{
    unregister_kprobe(&jp->kp);
}

extern u8 jprobe_return_int3[];

OBSERVE_CALL(setjmp_pre_handler, "pre_handler:jprobe");
OBSERVE_CALL(longjmp_break_handler, "break_handler:jprobe");
OBSERVE(jprobe_return_int3, 1, OBSERVE_TEXT, "jprobe_return", 0, 1);
