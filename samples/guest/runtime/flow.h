/*
 * What every handler flow is made of. A flow file includes this and defines kprobe_handler,
 * post_kprobe_handler, kprobe_fault_handler and its kernel's traits; nothing else is its business.
 */
#ifndef FLOW_H
#define FLOW_H

#include "kprobes.h"

/* Where kernels differ outside the handler. A flow names only what its kernel has. */
struct kernel_traits {
    const char *name;
};

extern const struct kernel_traits kernel_traits;

/* Booster: compiled in for !PREEMPT or CONFIG_PM; this kernel has preempt counts and CONFIG_PM. */
#define CONFIG_BOOST 1

static inline struct kprobe *kprobe_running(void)
{
    return __get_cpu_var(current_kprobe);
}

static inline struct kprobe_ctlblk *get_kprobe_ctlblk(void)
{
    return &__get_cpu_var(kprobe_ctlblk);
}

/* The status stays as it was: in 2.6.24 nobody reads it while no probe is current. */
static inline void reset_current_kprobe(void)
{
    __get_cpu_var(current_kprobe) = NULL;
}

/* cli, sti, iret, popf: after these the instruction's own IF counts. One byte, no prefixes. */
static inline int is_IF_modifier(kprobe_opcode_t opcode)
{
    return opcode == 0xfa || opcode == 0xfb || opcode == 0xcf || opcode == 0x9d;
}

static inline void set_current_kprobe(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    __get_cpu_var(current_kprobe) = p;
    kcb->kprobe_old_eflags = regs->eflags & (TF_MASK | IF_MASK);
    kcb->kprobe_saved_eflags = kcb->kprobe_old_eflags;
    if (is_IF_modifier(p->opcode))
        kcb->kprobe_saved_eflags &= ~IF_MASK;
}

static inline void save_previous_kprobe(struct kprobe_ctlblk *kcb)
{
    kcb->prev_kprobe.kp = kprobe_running();
    kcb->prev_kprobe.status = kcb->kprobe_status;
    kcb->prev_kprobe.old_eflags = kcb->kprobe_old_eflags;
    kcb->prev_kprobe.saved_eflags = kcb->kprobe_saved_eflags;
}

static inline void restore_previous_kprobe(struct kprobe_ctlblk *kcb)
{
    __get_cpu_var(current_kprobe) = kcb->prev_kprobe.kp;
    kcb->kprobe_status = kcb->prev_kprobe.status;
    kcb->kprobe_old_eflags = kcb->prev_kprobe.old_eflags;
    kcb->kprobe_saved_eflags = kcb->prev_kprobe.saved_eflags;
}

#endif
