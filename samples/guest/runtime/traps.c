/* The C side of the traps, as arch/x86/kernel/traps_32.c of 2.6.24 decides. */
#include "traps.h"
#include "cpu.h"
#include "flow.h"
#include "workload.h"

static struct notifier_block *die_chain;

/* Highest priority first; equal ones in order of registration. */
void register_die_notifier(struct notifier_block *nb)
{
    struct notifier_block **link = &die_chain;
    while (*link && (*link)->priority >= nb->priority)
        link = &(*link)->next;
    nb->next = *link;
    barrier();
    *link = nb;
}

void unregister_die_notifier(struct notifier_block *nb)
{
    struct notifier_block **link = &die_chain;
    while (*link && *link != nb)
        link = &(*link)->next;
    if (*link)
        *link = nb->next;
}

static int __kprobes notifier_call_chain(unsigned long val, struct die_args *args)
{
    int result = NOTIFY_DONE;
    for (struct notifier_block *nb = ACCESS_ONCE(die_chain); nb; nb = ACCESS_ONCE(nb->next)) {
        result = nb->notifier_call(nb, val, args);
        if (result & NOTIFY_STOP_MASK)
            break;
    }
    return result;
}

/* The chain runs in an RCU read section: in every handler preempt_count is one higher. Not in
 * kprobes_text, as in 2.6.24: a probe on it re-enters. */
int notify_die(enum die_val val, const char *str, struct pt_regs *regs, u32 err, int trapnr)
{
    struct die_args args = {regs, str, err, trapnr};
    int result;

    rcu_read_lock();
    result = notifier_call_chain(val, &args);
    rcu_read_unlock();
    return result;
}

extern const struct exception_table_entry __start___ex_table[] __weak;
extern const struct exception_table_entry __stop___ex_table[] __weak;

static const struct exception_table_entry *search_exception_table(u32 address)
{
    for (const struct exception_table_entry *entry = __start___ex_table; entry < __stop___ex_table; entry++)
        if (entry->insn == address)
            return entry;
    return NULL;
}

int in_exception_table(u32 address)
{
    return search_exception_table(address) != NULL;
}

int fixup_exception(struct pt_regs *regs)
{
    const struct exception_table_entry *entry = search_exception_table(regs->eip);
    if (!entry)
        return 0;
    regs->eip = entry->fixup;
    return 1;
}

void force_signal(int signal)
{
    this_cpu()->signal = signal;
    set_thread_flag(TIF_SIGPENDING);
}

static void conditional_sti(struct pt_regs *regs)
{
    if (regs->eflags & IF_MASK)
        local_irq_enable();
}

/* User mode: a signal. Kernel mode: the exception table or the end. */
static void __kprobes do_trap(const char *str, int signal, struct pt_regs *regs)
{
    if (user_mode_vm(regs)) {
        force_signal(signal);
        return;
    }
    if (!fixup_exception(regs))
        die(str, regs);
}

/*
 * What the way out of int3 is to do is kept in the frame itself, in the half of its CS word that the
 * CPU does not look at: hits in a post_handler or in an NMI have frames, and marks, of their own.
 */
#define FRAME_MOVES_DOWN 0x80000000u
#define FRAME_MOVES_UP 0x00010000u

void __kprobes trap_push_below(struct pt_regs *regs, u32 value)
{
    regs->orig_eax = value;
    regs->xcs |= FRAME_MOVES_DOWN;
}

u32 __kprobes trap_pop(struct pt_regs *regs)
{
    regs->xcs |= FRAME_MOVES_UP;
    return regs->esp; /* the word on top of the interrupted stack */
}

void __kprobes do_int3(struct pt_regs *regs)
{
    if (notify_die(DIE_INT3, "int3", regs, 0, 3) == NOTIFY_STOP)
        return;
    conditional_sti(regs);
    do_trap("int3", SIGTRAP, regs);
}

static u32 get_dr6(void)
{
    u32 value;
    asm volatile("movl %%dr6, %0" : "=r"(value));
    return value;
}

static void set_dr6(u32 value)
{
    asm volatile("movl %0, %%dr6" : : "r"(value));
}

static void clear_dr7(void)
{
    asm volatile("movl %0, %%dr7" : : "r"(0));
}

/* DR6 is read and, in 2.6.24, never written back: its bits stay (sticky DR6.BS). */
void __kprobes do_debug(struct pt_regs *regs)
{
    u32 condition = get_dr6();

    if (kernel_traits.clears_dr6)
        set_dr6(0);
    if (notify_die(DIE_DEBUG, "debug", regs, condition, 1) == NOTIFY_STOP)
        return;
    conditional_sti(regs);
    if (condition & DR_TRAP_BITS) { /* no task here owns a hardware breakpoint */
        clear_dr7();
        return;
    }
    this_cpu()->dr6_copy = condition;
    if ((condition & DR_STEP) && !user_mode_vm(regs)) {
        /* A task that was being stepped entered the kernel: go on stepping when it leaves. */
        set_thread_flag(TIF_SINGLESTEP);
        regs->eflags &= ~TF_MASK;
        return;
    }
    force_signal(SIGTRAP);
    clear_dr7();
}

void __kprobes do_general_protection(struct pt_regs *regs, u32 error_code)
{
    if (user_mode_vm(regs)) {
        force_signal(SIGSEGV);
        return;
    }
    if (fixup_exception(regs))
        return;
    if (notify_die(DIE_GPF, "general protection fault", regs, error_code, 13) == NOTIFY_STOP)
        return;
    die("general protection fault", regs);
}

/* The kernel's own use of an NMI: tell the chain, then whatever the workload does in one. */
void __kprobes do_nmi(struct pt_regs *regs)
{
    irq_enter();
    this_cpu()->nmi_count++;
    if (notify_die(DIE_NMI, "nmi", regs, 0, 2) != NOTIFY_STOP)
        workload_nmi(regs);
    irq_exit();
}

static const char *const exception_names[] = {
    "divide error", "debug", "nmi", "int3", "overflow", "bounds", "invalid opcode", "device not available",
    "double fault", "coprocessor segment overrun", "invalid TSS", "segment not present", "stack segment",
    "general protection fault", "page fault", "reserved exception",
};

static void do_irq(struct pt_regs *regs, u32 vector)
{
    irq_enter();
    this_cpu()->irq_count++;
    workload_irq(regs, vector);
    lapic_write(LAPIC_EOI, 0);
    irq_exit();
}

/* Vectors without a handler of their own: device interrupts, and exceptions nobody expects. */
void do_other(struct pt_regs *regs, u32 vector)
{
    if (vector >= 32)
        do_irq(regs, vector);
    else
        do_trap(exception_names[vector < 15 ? vector : 15], SIGTRAP, regs);
}

/* On the way to user mode, interrupts off: a task that was stepped into the kernel is stepped on. */
void do_notify_resume(struct pt_regs *regs)
{
    if (test_thread_flag(TIF_SINGLESTEP)) {
        regs->eflags |= TF_MASK;
        clear_thread_flag(TIF_SINGLESTEP);
    }
    if (test_thread_flag(TIF_SIGPENDING)) {
        clear_thread_flag(TIF_SIGPENDING);
        workload_signal(regs, this_cpu()->signal);
    }
}

__weak void workload_nmi(struct pt_regs *regs)
{
}

__weak void workload_irq(struct pt_regs *regs, u32 vector)
{
}

__weak void workload_signal(struct pt_regs *regs, u32 signal)
{
    die("signal", regs);
}
