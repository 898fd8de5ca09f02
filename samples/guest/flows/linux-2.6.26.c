/* kprobe_handler() of Linux 2.6.26 (acb5b8a2dd0f: the post_handler comes last). */
#include "flow.h"

const struct kernel_traits kernel_traits = {
    .name = "linux-2.6.26",
    .if_modifier = IF_MODIFIER_SLOT,
    .clears_btf = 1,
    .fault_hook_before_vmalloc = 1,
    .gpf_only_if_not_preemptible = 1,
    .kretprobe_entry_handler = 1,
};

/* To the slot: without a trap at its end if it ends in a jump back, by single step otherwise. */
static void __kprobes setup_singlestep(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    if (CONFIG_BOOST && p->ainsn.boostable == 1 && !p->post_handler) {
        reset_current_kprobe();
        regs->eip = (u32)p->ainsn.insn;
        preempt_enable_no_resched();
        return;
    }
    prepare_singlestep(p, regs);
    kcb->kprobe_status = KPROBE_HIT_SS;
}

/* Steps over a probe that was hit inside another's life; none of its handlers is called. */
static void __kprobes recursive_singlestep(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    save_previous_kprobe(kcb);
    set_current_kprobe(p, regs, kcb);
    kprobes_inc_nmissed_count(p);
    prepare_singlestep(p, regs);
    kcb->kprobe_status = KPROBE_REENTER;
}

/* 0 = not ours after all. */
static int __kprobes reenter_kprobe(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    switch (kcb->kprobe_status) {
    case KPROBE_HIT_SSDONE:
    case KPROBE_HIT_ACTIVE:
        recursive_singlestep(p, regs, kcb);
        break;
    case KPROBE_HIT_SS:
        if (p == kprobe_running()) {
            /* The probed instruction is itself an int3 and has just been stepped. */
            regs->eflags &= ~TF_MASK;
            regs->eflags |= kcb->kprobe_saved_eflags;
            return 0;
        }
        /* A probe in code that must not carry one, such as an NMI handler. */
        /* fall through */
    default:
        WARN_ON(1);
        return 0;
    }
    return 1;
}

/* 1 = the breakpoint was ours and regs say where to go on; 0 = somebody else's. */
int __kprobes kprobe_handler(struct pt_regs *regs)
{
    kprobe_opcode_t *addr = (kprobe_opcode_t *)(regs->eip - sizeof(kprobe_opcode_t));
    struct kprobe_ctlblk *kcb;
    struct kprobe *p;

    if (*addr != BREAKPOINT_INSTRUCTION) {
        /* Removed right after we hit it, by another CPU: a probe or a debugger's breakpoint. Run
         * the instruction. */
        regs->eip -= sizeof(kprobe_opcode_t);
        return 1;
    }

    /* Stay on this CPU until the probed instruction is done. */
    preempt_disable();
    kcb = get_kprobe_ctlblk();
    p = get_kprobe(addr);

    if (p) {
        if (kprobe_running()) {
            if (reenter_kprobe(p, regs, kcb))
                return 1;
        } else {
            set_current_kprobe(p, regs, kcb);
            kcb->kprobe_status = KPROBE_HIT_ACTIVE;

            /* A pre_handler that returns non-zero has set up where to go on. */
            if (!p->pre_handler || !p->pre_handler(p, regs))
                setup_singlestep(p, regs, kcb);
            return 1;
        }
    } else if (kprobe_running()) {
        p = kprobe_running();
        if (p->break_handler && p->break_handler(p, regs)) {
            setup_singlestep(p, regs, kcb);
            return 1;
        }
    }

    preempt_enable_no_resched();
    return 0;
}

/* Any #DB while a probe is current counts as the end of its step. */
int __kprobes post_kprobe_handler(struct pt_regs *regs)
{
    struct kprobe *cur = kprobe_running();
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

    if (!cur)
        return 0;

    resume_execution(cur, regs, kcb);
    regs->eflags |= kcb->kprobe_saved_eflags;

    /* The post_handler sees EIP and EFLAGS as the probed code will have them. */
    if (kcb->kprobe_status != KPROBE_REENTER && cur->post_handler) {
        kcb->kprobe_status = KPROBE_HIT_SSDONE;
        cur->post_handler(cur, regs, 0);
    }

    if (kcb->kprobe_status == KPROBE_REENTER)
        restore_previous_kprobe(kcb);
    else
        reset_current_kprobe();
    preempt_enable_no_resched();

    /* TF still set: somebody else steps this code, let do_debug see it too. */
    return !(regs->eflags & TF_MASK);
}

/* 1 = the fault is dealt with; 0 = the kernel's fault handling goes on, with regs as left here. */
int __kprobes kprobe_fault_handler(struct pt_regs *regs, int trapnr)
{
    struct kprobe *cur = kprobe_running();
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

    switch (kcb->kprobe_status) {
    case KPROBE_HIT_SS:
    case KPROBE_REENTER:
        /* The stepped instruction faulted: undo the step, as if it faulted at its own place. */
        regs->eip = (u32)cur->addr;
        regs->eflags |= kcb->kprobe_old_eflags;
        if (kcb->kprobe_status == KPROBE_REENTER)
            restore_previous_kprobe(kcb);
        else
            reset_current_kprobe();
        preempt_enable_no_resched();
        break;
    case KPROBE_HIT_ACTIVE:
    case KPROBE_HIT_SSDONE:
        /* A user handler faulted. */
        kprobes_inc_nmissed_count(cur);
        if (cur->fault_handler && cur->fault_handler(cur, regs, trapnr))
            return 1;
        if (fixup_exception(regs))
            return 1;
        break;
    }
    return 0;
}
