/* 2.6.24 with the bug that adad0f331f9 cured: an aggregate is hashed after its first probe is unhashed. */
#include "flow.h"

const struct kernel_traits kernel_traits = {
    .name = "bug-08",
    .aggregate_unhashes_first = 1,
};

/* 1 = the breakpoint was ours and regs say where to go on; 0 = somebody else's. */
int __kprobes kprobe_handler(struct pt_regs *regs)
{
    kprobe_opcode_t *addr = (kprobe_opcode_t *)(regs->eip - sizeof(kprobe_opcode_t));
    struct kprobe_ctlblk *kcb;
    struct kprobe *p;
    int ret = 0;

    /* Stay on this CPU until the probed instruction is done. */
    preempt_disable();
    kcb = get_kprobe_ctlblk();

    if (kprobe_running()) {
        p = get_kprobe(addr);
        if (p) {
            if (kcb->kprobe_status == KPROBE_HIT_SS && *p->ainsn.insn == BREAKPOINT_INSTRUCTION) {
                /* The probed instruction is itself an int3 and has just been stepped. */
                regs->eflags &= ~TF_MASK;
                regs->eflags |= kcb->kprobe_saved_eflags;
                goto no_kprobe;
            }
            /* Hit inside another probe's life: step over it, call none of its handlers. */
            save_previous_kprobe(kcb);
            set_current_kprobe(p, regs, kcb);
            kprobes_inc_nmissed_count(p);
            prepare_singlestep(p, regs);
            kcb->kprobe_status = KPROBE_REENTER;
            return 1;
        }
        if (*addr != BREAKPOINT_INSTRUCTION) {
            /* Another CPU took the breakpoint away after we hit it: run the instruction. */
            regs->eip -= sizeof(kprobe_opcode_t);
            ret = 1;
            goto no_kprobe;
        }
        p = kprobe_running();
        if (p->break_handler && p->break_handler(p, regs))
            goto ss_probe;
        goto no_kprobe;
    }

    p = get_kprobe(addr);
    if (!p) {
        if (*addr != BREAKPOINT_INSTRUCTION) {
            /* As above: a breakpoint removed between the trap and here. */
            regs->eip -= sizeof(kprobe_opcode_t);
            ret = 1;
        }
        goto no_kprobe;
    }

    set_current_kprobe(p, regs, kcb);
    kcb->kprobe_status = KPROBE_HIT_ACTIVE;

    /* A pre_handler that returns non-zero has set up where to go on. */
    if (p->pre_handler && p->pre_handler(p, regs))
        return 1;

ss_probe:
    if (CONFIG_BOOST && p->ainsn.boostable == 1 && !p->post_handler) {
        /* The slot ends in a jump back: no step, no second trap. */
        reset_current_kprobe();
        regs->eip = (u32)p->ainsn.insn;
        preempt_enable_no_resched();
        return 1;
    }
    prepare_singlestep(p, regs);
    kcb->kprobe_status = KPROBE_HIT_SS;
    return 1;

no_kprobe:
    preempt_enable_no_resched();
    return ret;
}

/* Any #DB while a probe is current counts as the end of its step. */
int __kprobes post_kprobe_handler(struct pt_regs *regs)
{
    struct kprobe *cur = kprobe_running();
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

    if (!cur)
        return 0;

    /* The post_handler still sees EIP in the slot and TF set. */
    if (kcb->kprobe_status != KPROBE_REENTER && cur->post_handler) {
        kcb->kprobe_status = KPROBE_HIT_SSDONE;
        cur->post_handler(cur, regs, 0);
    }

    resume_execution(cur, regs, kcb);
    regs->eflags |= kcb->kprobe_saved_eflags;

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
