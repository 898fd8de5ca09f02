/* The patch of 2008-01-01 with points 2 and 3 of its review applied: a step counts as a handler, and
 * an int3 inside the slot is looked for where no probe is found. */
#include "flow.h"

const struct kernel_traits kernel_traits = {
    .name = "review-b",
};

/* 1 = the breakpoint was ours and regs say where to go on; 0 = somebody else's. */
int __kprobes kprobe_handler(struct pt_regs *regs)
{
    kprobe_opcode_t *addr = (kprobe_opcode_t *)(regs->eip - sizeof(kprobe_opcode_t));
    struct kprobe_ctlblk *kcb;
    struct kprobe *p, *cur;

    if (*addr != BREAKPOINT_INSTRUCTION) {
        /* Removed right after we hit it, by another CPU: a probe or a debugger's breakpoint. Run
         * the instruction. */
        regs->eip -= sizeof(kprobe_opcode_t);
        return 1;
    }

    /* Stay on this CPU until the probed instruction is done. */
    preempt_disable();
    kcb = get_kprobe_ctlblk();
    cur = kprobe_running();
    p = get_kprobe(addr);

    if (p) {
        if (cur) {
            switch (kcb->kprobe_status) {
            case KPROBE_HIT_SS:
            case KPROBE_HIT_ACTIVE:
            case KPROBE_HIT_SSDONE:
                /* Hit inside a user handler or a step: step over it, call none of its handlers. */
                save_previous_kprobe(kcb);
                set_current_kprobe(p, regs, kcb);
                kprobes_inc_nmissed_count(p);
                prepare_singlestep(p, regs);
                kcb->kprobe_status = KPROBE_REENTER;
                return 1;
            default:
                BUG();
            }
        }

        set_current_kprobe(p, regs, kcb);
        kcb->kprobe_status = KPROBE_HIT_ACTIVE;

        /* A pre_handler that returns non-zero has set up where to go on. */
        if (p->pre_handler && p->pre_handler(p, regs))
            return 1;
    } else {
        if (cur && kcb->kprobe_status == KPROBE_HIT_SS && addr >= cur->ainsn.insn &&
            addr < cur->ainsn.insn + MAX_INSN_SIZE) {
            /* The slot itself holds an int3 and has just been stepped. */
            regs->eflags &= ~TF_MASK;
            regs->eflags |= kcb->kprobe_saved_eflags;
            goto no_kprobe;
        }
        if (!cur || !cur->break_handler || !cur->break_handler(cur, regs))
            goto no_kprobe;
        p = cur;
    }

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
    return 0;
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
