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
    /* Where the test for cli, sti, iret, popf looks (is_IF_modifier). */
    enum { IF_MODIFIER_OPCODE, IF_MODIFIER_SLOT, IF_MODIFIER_AFTER_PREFIXES } if_modifier;
    /* Stepping clears the task's branch-step mode, finishing a step gives it back. */
    u8 clears_btf;
    /* The page-fault hook runs before the lazy copy of vmalloc entries (608566b4edd, 2.6.25). */
    u8 fault_hook_before_vmalloc;
    /* The #GP hook asks whether this CPU is stable instead of making it so (b506a9d08ba, 2.6.25). */
    u8 gpf_only_if_not_preemptible;
    /* do_debug writes DR6 back (62edab9056a, 2.6.33). */
    u8 clears_dr6;
    /* An instruction with an exception-table entry is never boosted (30390880deb, 2.6.29). */
    u8 never_boosts_extable;
    /* resume_execution skips prefixes (567a9fd8673, 2.6.36). */
    u8 resumes_after_prefixes;
    /* Probes go on instruction boundaries only, found by decoding from the symbol on. */
    u8 checks_boundaries;
    /* An instruction that is an int3 is not probed; nor is MOV SS or POP SS. */
    u8 refuses_int3;
    u8 refuses_mov_ss;
    /* Code that runs in NMIs carries no probes (eddb6fb9a54). */
    u8 refuses_nmi_code;
    /* kretprobes have an entry_handler and data (f47cd9b553a, 2.6.25). */
    u8 kretprobe_entry_handler;
    /* An aggregate takes a probe's place in the hash in two steps, removal first (until adad0f331f9). */
    u8 aggregate_unhashes_first;
    u8 has_no_jprobes;
    /* The slot of a probe, if it is more than a copy of the instruction (int3 stepping). */
    int (*prepare_slot)(struct kprobe *p);
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

/* cli, sti, iret, popf: after these the instruction's own IF counts. */
static inline int is_IF_modifier(struct kprobe *p)
{
    const kprobe_opcode_t *at = kernel_traits.if_modifier == IF_MODIFIER_OPCODE ? &p->opcode : p->ainsn.insn;
    kprobe_opcode_t opcode;

    if (kernel_traits.if_modifier == IF_MODIFIER_AFTER_PREFIXES)
        at = skip_prefixes(at);
    opcode = *at;
    return opcode == 0xfa || opcode == 0xfb || opcode == 0xcf || opcode == 0x9d;
}

static inline void set_current_kprobe(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    __get_cpu_var(current_kprobe) = p;
    kcb->kprobe_old_eflags = regs->eflags & (TF_MASK | IF_MASK);
    kcb->kprobe_saved_eflags = kcb->kprobe_old_eflags;
    if (is_IF_modifier(p))
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
